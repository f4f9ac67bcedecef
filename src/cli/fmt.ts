import { renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createTwoFilesPatch } from 'diff'
import { compareDiagnostics, type Diagnostic } from '../model/diagnostic.ts'
import { type DiagnosticJson, renderDiagnostics, toDiagnosticJson } from '../render/diagnostics.ts'
import { hideSecrets } from '../render/hide-secrets.ts'
import type { Paint } from '../render/paint.ts'
import { countOf } from '../render/words.ts'
import { describeMistake } from '../spec/codes.ts'
import { formatSpec } from '../spec/format.ts'
import type { SpecFile } from '../spec/parse.ts'
import type { SpecValidators } from '../spec/schema-validator.ts'
import { createSourceMap } from '../spec/source-map.ts'
import { listSpecFiles, readSpecFile } from './spec-files.ts'
import { loadValidators } from './specs.ts'
import type { CommandResult } from './validate.ts'

export interface FmtOptions {
  readonly directory: string
  /** Shows what would change, writes nothing, and ends with 1 when something would. */
  readonly check: boolean
  readonly json: boolean
  readonly paint: Paint
  readonly width: number
}

/** What formatting found, before anything is written. */
interface FmtFindings {
  readonly directory: string
  readonly fileCount: number
  readonly changes: readonly FileChange[]
  readonly diagnostics: readonly Diagnostic[]
  readonly sources: ReadonlyMap<string, string>
}

interface FileChange {
  readonly path: string
  readonly before: string
  readonly after: string
}

/** `muster fmt --json`: `changed` are the paths that were, or with `--check` would be, written. A contract like `ValidateJson`. */
export interface FmtJson {
  readonly ok: boolean
  readonly files: number
  readonly changed: readonly string[]
  readonly diagnostics: readonly DiagnosticJson[]
}

/** `muster fmt`: orders the keys of every spec as the schema does. Files that cannot be read stay untouched. */
export const runFmt = ({ directory, json, check, ...look }: FmtOptions): CommandResult => {
  const found = formatFolder(directory, loadValidators())
  if (!check) for (const { path, after } of found.changes) replaceFile(path, after)
  const isClean = found.diagnostics.length === 0 && (!check || found.changes.length === 0)
  const output = json ? renderJson(found, isClean) : renderText(found, check, look)
  return { output: `${output}\n`, exitCode: isClean ? 0 : 1 }
}

const renderJson = ({ fileCount, changes, diagnostics, sources }: FmtFindings, ok: boolean): string => {
  const answer: FmtJson = {
    ok,
    files: fileCount,
    changed: changes.map(({ path }) => path),
    diagnostics: diagnostics.map(diagnostic => toDiagnosticJson(diagnostic, sources)),
  }
  return JSON.stringify(answer, null, 2)
}

const renderText = (
  found: FmtFindings,
  check: boolean,
  look: Pick<FmtOptions, 'paint' | 'width'>,
): string => {
  const { diagnostics, sources, changes } = found
  return [
    ...(diagnostics.length === 0 ? [] : [renderDiagnostics(diagnostics, { ...look, sources })]),
    ...(check ? changes.map(renderChange) : []),
    summarize(found, check),
  ].join('\n\n')
}

const formatFolder = (directory: string, validators: SpecValidators): FmtFindings => {
  const { shownDirectory, paths, diagnostics: refused } = listSpecFiles(directory)
  const diagnostics = [...refused]
  const changes: FileChange[] = []
  const sources = new Map<string, string>()
  for (const path of paths) {
    const file = readSpecFile(path)
    if (!('bytes' in file)) {
      diagnostics.push(file)
      continue
    }
    const isWorkspace = path === `${shownDirectory}/workspace.yaml`
    const formatted = formatSpec(file, (isWorkspace ? validators.workspace : validators.audience).schema)
    if (formatted.kind === 'refused') {
      const source = createSourceMap(path, formatted.text)
      sources.set(path, formatted.text)
      for (const { start, end, ...rest } of formatted.findings)
        diagnostics.push(describeMistake(rest.code, { ...rest, at: source.placeOf(start, end) }))
      continue
    }
    const before = readText(file)
    if (before !== formatted.text) changes.push({ path, before, after: formatted.text })
  }
  diagnostics.sort(compareDiagnostics)
  return { directory: shownDirectory, fileCount: paths.length, changes, diagnostics, sources }
}

/** With its byte order mark, if it has one: dropping that is a change too. */
const readText = ({ bytes }: SpecFile): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)

const renderChange = ({ path, before, after }: FileChange): string =>
  createTwoFilesPatch(...nameSides(path), before, after, undefined, undefined, { context: 2 })
    .split('\n')
    .filter((line, index) => index > 0 || !line.startsWith('='))
    .map(hideSecrets)
    .join('\n')
    .trimEnd()

/** As git names them, so that the difference can be applied as a patch. */
const nameSides = (path: string): [string, string] => {
  const relative = path.replace(/^\/+/, '')
  return [`a/${relative}`, `b/${relative}`]
}

const summarize = ({ directory, fileCount, changes, diagnostics }: FmtFindings, check: boolean): string => {
  const unreadable = new Set(diagnostics.map(({ at }) => at?.path)).size
  const untouched = unreadable === 0 ? '' : `, ${unreadable} left untouched`
  if (changes.length === 0)
    return `nothing to format in ${countOf(fileCount, 'file')} of ${directory}/${untouched}`
  const verb = check ? 'would be formatted' : 'formatted'
  return `${countOf(changes.length, 'file')} ${verb}${untouched}`
}

/** Writes beside the file and swaps it in, so that nobody ever sees half of it. Permissions stay as they were. */
const replaceFile = (path: string, text: string): void => {
  const temporary = `${path}.${process.pid}.tmp`
  try {
    writeFileSync(temporary, text, { mode: statSync(path).mode })
    renameSync(temporary, path)
  } finally {
    rmSync(temporary, { force: true })
  }
}
