import { isMap, isScalar, isSeq, type Node, type Pair, parseDocument } from 'yaml'
import type { Place } from '../model/diagnostic.ts'
import type { Path } from './convert.ts'

/** Which end of `key: value` a diagnostic points at. */
export type PathPart = 'key' | 'value'

/** Finds places in one text. Nothing is computed before the first question: most files are never asked about. */
export interface SourceMap {
  readonly path: string
  readonly text: string
  placeOf(start: number, end: number): Place
  /** The place of a value or its key; of the nearest ancestor that exists when the path leads nowhere. */
  locate(path: Path, part?: PathPart): Place
}

type Range = readonly [number, number]

/** The source map of a text that parses without syntax errors and is not nested too deeply. */
export const createSourceMap = (path: string, text: string): SourceMap => {
  let lineStarts: readonly number[] | undefined
  let root: Node | null | undefined

  const placeOf = (start: number, end: number): Place => {
    lineStarts ??= findLineStarts(text)
    const from = locateOffset(lineStarts, start)
    const to = locateOffset(lineStarts, Math.max(start, end))
    return { path, line: from.line, column: from.column, endLine: to.line, endColumn: to.column }
  }

  const locate = (to: Path, part: PathPart = 'value'): Place => {
    // Parsed a second time, and only for files with mistakes, so that no tree has to be kept for the others.
    if (root === undefined) root = parseDocument(text, { schema: 'failsafe', uniqueKeys: false }).contents
    const [start, end] = findRange(root, to, part)
    return placeOf(start, end)
  }

  return { path, text, placeOf, locate }
}

const findRange = (root: Node | null, path: Path, part: PathPart): Range => {
  let node: unknown = root
  let nearest: Range = findHeadRange(root)
  for (const [depth, step] of path.entries()) {
    const isLast = depth === path.length - 1
    if (isSeq(node)) {
      node = node.items[Number(step)]
      nearest = rangeOf(node) ?? nearest
      continue
    }
    const pair = isMap(node) ? node.items.find(({ key }) => keyOf(key) === String(step)) : undefined
    if (!pair) return nearest
    node = pair.value
    nearest = (isLast && part === 'value' ? rangeOf(pair.value) : undefined) ?? rangeOf(pair.key) ?? nearest
  }
  return nearest
}

/** A file as a whole is shown by its first key: a frame around everything would show nothing. */
const findHeadRange = (root: Node | null): Range => {
  const first: Pair | undefined = isMap(root) ? root.items[0] : undefined
  return rangeOf(first?.key) ?? [0, 0]
}

const keyOf = (key: unknown): string | undefined => (isScalar(key) ? String(key.value) : undefined)

const rangeOf = (node: unknown): Range | undefined => {
  if (typeof node !== 'object' || node === null || !('range' in node) || !Array.isArray(node.range))
    return undefined
  const [start, end] = node.range
  return end > start ? [start, end] : undefined
}

const findLineStarts = (text: string): readonly number[] => {
  const starts = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

const locateOffset = (lineStarts: readonly number[], offset: number): { line: number; column: number } => {
  let low = 0
  let high = lineStarts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((lineStarts[middle] ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  return { line: low + 1, column: offset - (lineStarts[low] ?? 0) + 1 }
}
