import { type Diagnostic, hasErrors } from '../model/diagnostic.ts'
import type { Instant } from '../model/time.ts'
import {
  countDiagnostics,
  type DiagnosticJson,
  renderDiagnostics,
  toDiagnosticJson,
} from '../render/diagnostics.ts'
import type { Paint } from '../render/paint.ts'
import { countOf } from '../render/words.ts'
import type { ValidatedSpecs } from '../spec/validate.ts'
import { loadSpecs } from './specs.ts'

export interface ValidateOptions {
  readonly directory: string
  readonly json: boolean
  /** What day it is, for waivers that run out. */
  readonly now: Instant
  readonly paint: Paint
  /** Columns for frames and sentences. */
  readonly width: number
}

/** What a command prints on standard output, and how it ends. */
export interface CommandResult {
  readonly output: string
  readonly exitCode: 0 | 1
}

/**
 * What `validate --json` prints. Scripts rely on it: keys may be added, never renamed or removed. `ok` is false when
 * there is an error; `files` counts the files that were read, `audiences` those of them that declare a valid one.
 */
export interface ValidateJson {
  readonly ok: boolean
  readonly files: number
  readonly audiences: number
  readonly diagnostics: readonly DiagnosticJson[]
}

/** `muster validate`: reads the folder, needs no network and no key. Exit code 1 when there is an error. */
export const runValidate = ({ directory, json, now, ...look }: ValidateOptions): CommandResult => {
  const specs = loadSpecs(directory, undefined, { now })
  const output = json ? renderJson(specs) : renderText(specs, look)
  return { output: `${output}\n`, exitCode: hasErrors(specs.diagnostics) ? 1 : 0 }
}

const renderJson = (specs: ValidatedSpecs): string => {
  const answer: ValidateJson = {
    ok: !hasErrors(specs.diagnostics),
    files: specs.fileCount,
    audiences: specs.document.audiences.length,
    diagnostics: specs.diagnostics.map(diagnostic => toDiagnosticJson(diagnostic, specs.sources)),
  }
  return JSON.stringify(answer, null, 2)
}

const renderText = (specs: ValidatedSpecs, look: Pick<ValidateOptions, 'paint' | 'width'>): string => {
  const { diagnostics, sources } = specs
  if (diagnostics.length === 0) return summarize(specs)
  return `${renderDiagnostics(diagnostics, { sources, ...look })}\n\n${summarize(specs)}`
}

const summarize = ({ directory, diagnostics, fileCount, document }: ValidatedSpecs): string => {
  const valid = `${countOf(document.audiences.length, 'audience')} valid in ${directory}/`
  if (diagnostics.length === 0) return valid
  const where = describeFiles(diagnostics, fileCount)
  if (!hasErrors(diagnostics)) return `${valid}, ${countDiagnostics(diagnostics)}${where}`
  return `${countDiagnostics(diagnostics)}${where}`
}

/** ` in 2 of 8 files`. Files that could not be read count too; what concerns no file adds nothing. */
const describeFiles = (diagnostics: readonly Diagnostic[], fileCount: number): string => {
  const concerned = new Set(diagnostics.flatMap(({ at }) => (at === undefined ? [] : [at.path]))).size
  if (concerned === 0) return ''
  return ` in ${concerned} of ${countOf(Math.max(fileCount, concerned), 'file')}`
}
