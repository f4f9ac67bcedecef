import { readFileSync } from 'node:fs'
import { compareDiagnostics } from '../model/diagnostic.ts'
import type { SpecFile } from '../spec/parse.ts'
import { compileSchemas, type SpecValidators } from '../spec/schema-validator.ts'
import { type ValidatedSpecs, validateSpecs } from '../spec/validate.ts'
import { listSpecFiles, readSpecFile } from './spec-files.ts'

/**
 * Reads and validates a folder of specs, one file at a time, so that none needs to stay in memory or open. Drafts stand
 * for files that are to be written: in place of what lies there, or beside it.
 */
export const loadSpecs = (
  directory: string,
  validators: SpecValidators = loadValidators(),
  drafts: readonly SpecFile[] = [],
): ValidatedSpecs => {
  const { shownDirectory, paths, diagnostics } = listSpecFiles(directory)
  const unreadable = [...diagnostics]
  const readFiles = function* () {
    yield* drafts
    for (const path of paths) {
      if (drafts.some(draft => draft.path === path)) continue
      const read = readSpecFile(path)
      if ('bytes' in read) yield read
      else unreadable.push(read)
    }
  }
  const specs = validateSpecs({ directory: shownDirectory, files: readFiles() }, validators)
  if (unreadable.length === 0) return specs
  // Without a folder, everything that is missing in it goes without saying.
  if (unreadable.some(({ code }) => code === 'spec/no-directory'))
    return { ...specs, diagnostics: unreadable }
  return { ...specs, diagnostics: [...specs.diagnostics, ...unreadable].sort(compareDiagnostics) }
}

/** Compiles the schemas that lie beside `src` and `dist` in the package. */
export const loadValidators = (): SpecValidators =>
  compileSchemas({ audience: readSchema('audience'), workspace: readSchema('workspace') })

/** A schema of the package, as parsed JSON. */
export const readSchema = (name: 'audience' | 'workspace' | 'plan'): object =>
  // Our own file: its shape is checked when it is compiled.
  JSON.parse(readFileSync(new URL(`../../schema/${name}.schema.json`, import.meta.url), 'utf8')) as object
