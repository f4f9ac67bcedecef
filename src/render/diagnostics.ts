import type { Diagnostic, Place } from '../model/diagnostic.ts'
import { renderFrame } from './code-frame.ts'
import type { Paint } from './paint.ts'
import { countOf } from './words.ts'

/** Frames for programs do not depend on the terminal. */
const JSON_FRAME_WIDTH = 100

/** How diagnostics look. `sources` holds the texts for code frames by path; without one the frame is left out. */
export interface DiagnosticsOptions {
  readonly sources: ReadonlyMap<string, string>
  readonly paint: Paint
  /** Columns for frames and sentences. */
  readonly width: number
}

/** One diagnostic as `--json` shows it. Part of the command line's contract; absent places are null. */
export interface DiagnosticJson {
  readonly code: string
  readonly severity: 'error' | 'warning'
  readonly summary: string
  readonly detail: string
  readonly path: string | null
  readonly line: number | null
  readonly column: number | null
  readonly end_line: number | null
  readonly end_column: number | null
  readonly hint: string | null
  readonly frame: string | null
}

/** All diagnostics for people, in the order given, with an empty line between them. */
export const renderDiagnostics = (diagnostics: readonly Diagnostic[], options: DiagnosticsOptions): string =>
  diagnostics.map(diagnostic => renderDiagnostic(diagnostic, options)).join('\n\n')

/** One diagnostic for people: what, where, the lines, why, and the way out. */
const renderDiagnostic = (diagnostic: Diagnostic, options: DiagnosticsOptions): string => {
  const { code, severity, summary, detail, at, hint } = diagnostic
  const { width, paint } = options
  const label = severity === 'error' ? paint.red('error') : paint.yellow('warning')
  const place = at === undefined ? '' : `\n  ${paint.bold(`${at.path}:${at.line}:${at.column}`)}`
  const frame = frameOf(at, options.sources, width)
  const framed = frame === undefined ? '' : `\n\n${paintFrame(frame, paint, severity)}\n`
  const advice =
    hint === undefined ? '' : `\n${wrapText(`hint: ${hint}`, width).replace('hint:', paint.cyan('hint:'))}`
  return `${label}: ${paint.bold(summary)} ${paint.dim(`[${code}]`)}${place}${framed}\n${wrapText(detail, width)}${advice}`
}

/** One diagnostic for programs. */
export const toDiagnosticJson = (
  { code, severity, summary, detail, at, hint }: Diagnostic,
  sources: ReadonlyMap<string, string>,
): DiagnosticJson => ({
  code,
  severity,
  summary,
  detail,
  path: at?.path ?? null,
  line: at?.line ?? null,
  column: at?.column ?? null,
  end_line: at?.endLine ?? null,
  end_column: at?.endColumn ?? null,
  hint: hint ?? null,
  frame: frameOf(at, sources, JSON_FRAME_WIDTH) ?? null,
})

/** `3 errors, 1 warning`; the empty text when there is nothing to count. */
export const countDiagnostics = (diagnostics: readonly Diagnostic[]): string => {
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length
  const warnings = diagnostics.length - errors
  return [
    ...(errors > 0 ? [countOf(errors, 'error')] : []),
    ...(warnings > 0 ? [countOf(warnings, 'warning')] : []),
  ].join(', ')
}

const frameOf = (
  at: Place | undefined,
  sources: ReadonlyMap<string, string>,
  width: number,
): string | undefined => {
  const text = at === undefined ? undefined : sources.get(at.path)
  // An unreadable file has no text, and a frame of nothing says nothing.
  return at === undefined || text === undefined || text === '' ? undefined : renderFrame(text, at, { width })
}

/** Breaks at spaces and indents by two columns. Words longer than a line stay whole: they may be copied. */
const wrapText = (text: string, width: number): string => {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width - 2) {
      lines.push(line)
      line = word
      continue
    }
    line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line].map(each => `  ${each}`).join('\n')
}

const paintFrame = (frame: string, paint: Paint, severity: Diagnostic['severity']): string =>
  frame
    .split('\n')
    .map(line => {
      if (/^ +\| *\^+$/.test(line)) return severity === 'error' ? paint.red(line) : paint.yellow(line)
      return line.startsWith('  >') ? line : paint.dim(line)
    })
    .join('\n')
