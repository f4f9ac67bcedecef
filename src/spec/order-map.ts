import { isScalar, type Pair, type YAMLMap } from 'yaml'

/** Where the entries of a block mapping go, and where its text begins: after its own key, or at the top. */
export interface BlockOrder {
  readonly order: readonly number[]
  readonly regionStart: number
}

const MODELINE = /^#\s*yaml-language-server\s*:/

/**
 * Moves the entries of a block mapping, whole lines each. Comment and empty lines above a key belong to it; comments
 * that are indented deeper than the key belong to what stands above them.
 */
export const orderBlockMap = (text: string, map: YAMLMap, { order, regionStart }: BlockOrder): string => {
  const keyLines = map.items.map(pair => lineStartOf(text, startOf(pair)))
  const indents = map.items.map((pair, index) => text.slice(keyLines[index], startOf(pair)))
  // An entry that shares its line with a dash or a question mark cannot be moved as lines.
  if (indents.some(indent => indent.trim() !== '')) return text
  const ends = map.items.map(pair => lineEndOf(text, endOf(pair)))
  const indent = (indents[0] ?? '').length
  const head = findFirstStart(text, keyLines[0] ?? 0, regionStart)
  const first = skipDeeperComments(text, { from: head, to: keyLines[0] ?? 0, indent })
  const starts = keyLines.map((line, index) =>
    index === 0 ? first : skipDeeperComments(text, { from: ends[index - 1] ?? 0, to: line, indent }),
  )
  const last = skipDeeperComments(text, { from: ends.at(-1) ?? 0, to: text.length, indent })
  const chunks = starts.map((start, index) => text.slice(start, starts[index + 1] ?? last))
  return text.slice(0, first) + order.map(index => chunks[index]).join('') + text.slice(last)
}

/** Swaps the entries of a flow mapping and leaves the commas where they are. One that holds comments is left alone. */
export const orderFlowMap = (text: string, map: YAMLMap, order: readonly number[]): string => {
  const spans = map.items.map(pair => ({ start: startOf(pair), end: endOf(pair) }))
  const gaps = spans.slice(1).map(({ start }, index) => text.slice(spans[index]?.end, start))
  const end = spans.at(-1)?.end ?? 0
  if (gaps.some(gap => /[^\s,]/.test(gap)) || text.slice(end, map.range?.[1]).includes('#')) return text
  const parts = order.map(index => text.slice(spans[index]?.start, spans[index]?.end))
  const moved = parts.map((part, index) => part + (gaps[index] ?? '')).join('')
  return text.slice(0, spans[0]?.start) + moved + text.slice(end)
}

const startOf = ({ key }: Pair): number => (isScalar(key) ? (key.range?.[0] ?? 0) : 0)

/** The end of the value, or of the key when nothing is written after it. */
const endOf = ({ key, value }: Pair): number => {
  const keyEnd = isScalar(key) ? (key.range?.[1] ?? 0) : 0
  return Math.max(keyEnd, rangeEndOf(value))
}

/** An empty value has a range too, which may lie behind the comments that follow; it has no text. */
const rangeEndOf = (node: unknown): number => {
  if (typeof node !== 'object' || node === null || !('range' in node) || !Array.isArray(node.range)) return 0
  const [start, end] = node.range as [number, number]
  return end > start ? end : 0
}

const lineStartOf = (text: string, offset: number): number => text.lastIndexOf('\n', offset - 1) + 1

/** Where the next line begins. A block of text already ends there. */
const lineEndOf = (text: string, offset: number): number => {
  if (text[offset - 1] === '\n') return offset
  const newline = text.indexOf('\n', offset)
  return newline === -1 ? text.length : newline + 1
}

/** The head of a file stays at the top: the modeline, `---`, and everything above an empty line. */
const findFirstStart = (text: string, keyLine: number, regionStart: number): number => {
  if (regionStart > 0) return lineEndOf(text, regionStart)
  let start = keyLine
  while (start > 0) {
    const above = lineStartOf(text, start - 1)
    const line = text.slice(above, start).trim()
    if (!line.startsWith('#') || MODELINE.test(line)) return start
    start = above
  }
  return start
}

/** Below a text of several lines, a comment that is indented deeper than the keys would become part of it. */
const skipDeeperComments = (
  text: string,
  { from, to, indent }: { from: number; to: number; indent: number },
): number => {
  let start = from
  for (let at = from; at < to; at = lineEndOf(text, at + 1)) {
    const line = text.slice(at, lineEndOf(text, at + 1))
    const isDeeper = line.trimStart().startsWith('#') && line.length - line.trimStart().length > indent
    if (isDeeper) start = lineEndOf(text, at + 1)
    else if (line.trim() !== '') return start
  }
  return start
}
