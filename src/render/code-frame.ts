import type { Place } from '../model/diagnostic.ts'
import { showInvisible } from '../spec/visible-text.ts'
import { hideSecrets } from './hide-secrets.ts'

const LINES_AROUND = 1
const ELLIPSIS = '…'

/** How a frame is cut. `width` counts columns, the gutter included. */
export interface FrameOptions {
  readonly width: number
}

/** The lines around a place, with the place underlined. Safe to print anywhere: invisible and secret text is hidden. */
export const renderFrame = (text: string, at: Place, { width }: FrameOptions): string => {
  const lines = text.split('\n')
  const first = Math.max(1, at.line - LINES_AROUND)
  const last = Math.min(lines.length, at.line + LINES_AROUND)
  const gutterWidth = String(last).length
  const window = chooseWindow(at.column, width - gutterWidth - '  > '.length - ' | '.length)
  const rendered: string[] = []
  for (let line = first; line <= last; line += 1) {
    const source = showLine(lines[line - 1] ?? '')
    // The last line of a file that ends in a newline is no line at all.
    if (line === lines.length && source === '' && line !== at.line) continue
    const mark = line === at.line ? '>' : ' '
    rendered.push(`  ${mark} ${String(line).padStart(gutterWidth)} | ${cutLine(source, window)}`.trimEnd())
    if (line === at.line) rendered.push(`    ${' '.repeat(gutterWidth)} | ${underline(source, at, window)}`)
  }
  return rendered.join('\n')
}

/** The part of long lines that is shown, in columns from 0. */
interface Window {
  readonly from: number
  readonly to: number
}

const chooseWindow = (column: number, columns: number): Window => {
  if (column <= columns - 10) return { from: 0, to: columns }
  const from = column - Math.floor(columns / 2)
  return { from, to: from + columns }
}

const cutLine = (line: string, { from, to }: Window): string => {
  const head = from > 0 ? ELLIPSIS : ''
  const tail = line.length > to ? ELLIPSIS : ''
  return `${head}${line.slice(from + head.length, to - tail.length)}${tail}`
}

const underline = (line: string, at: Place, { from, to }: Window): string => {
  const endsHere = at.endLine === undefined || at.endLine === at.line
  const endColumn = endsHere ? (at.endColumn ?? at.column + 1) : line.length + 1
  const visibleEnd = Math.min(endColumn - 1, to)
  const start = at.column - 1
  return `${' '.repeat(start - from)}${'^'.repeat(Math.max(1, visibleEnd - start))}`
}

/** One column for each character, so that the underline stands below what it means. */
const showLine = (line: string): string =>
  hideSecrets(showInvisible(line.replace(/\r$/, '')).replaceAll('\t', '→'))
