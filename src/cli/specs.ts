import { readFileSync } from 'node:fs'
import { compareDiagnostics } from '../model/diagnostic.ts'
import type { Instant } from '../model/time.ts'
import type { SpecFile } from '../spec/parse.ts'
import { compileSchemas, type SpecValidators } from '../spec/schema-validator.ts'
import { type ValidatedSpecs, validateSpecs } from '../spec/validate.ts'
import { listSpecFiles, readSpecFile } from './spec-files.ts'

export interface LoadOptions {
  /** Stand for files that are to be written: in place of what lies there, or beside it. */
  readonly drafts?: readonly SpecFile[]
  /** What day it is, for waivers that run out. */
  readonly now?: Instant
}

/**
 * Reads and validates a folder of specs, one file at a time, so that none needs to stay in memory or open.
 */
export const loadSpecs = (
  directory: string,
  validators: SpecValidators = loadValidators(),
  { drafts = [], now }: LoadOptions = {},
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
  const folder = { directory: shownDirectory, files: readFiles(), ...(now === undefined ? {} : { now }) }
  const specs = validateSpecs(folder, validators)
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
