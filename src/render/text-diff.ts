import { type ChangeObject, diffLines, diffWordsWithSpace } from 'diff'
import { showLine } from './show-value.ts'

/** A piece of a text that changed. */
export interface TextPart {
  readonly is: 'same' | 'removed' | 'added'
  readonly text: string
}

/** Past this many differences the texts have so little in common that one replaces the other. */
const MOST_EDITS = 400
const SAME_AT_EDGE = 30
const LONGEST_PART = 400
const LONGEST_LINE = 160
const SAME_LINES_AT_EDGE = 2
const MOST_LINES = 24

/** A changed text word by word, on one line. Long stretches that stayed are cut in their middle. */
export const diffWords = (before: string, after: string): readonly TextPart[] => {
  const parts = toParts(diffWordsWithSpace(before, after, { maxEditLength: MOST_EDITS }), before, after)
  return parts.map(({ is, text }, index) => ({
    is,
    text:
      is === 'same'
        ? cutSame(showLine(text), index === 0, index === parts.length - 1)
        : cutEnd(showLine(text)),
  }))
}

/**
 * A changed text line by line, sentences counting as lines. Stretches that stayed are cut to what stands next to a
 * change.
 */
export const diffSentences = (before: string, after: string): readonly TextPart[] => {
  const [cutBefore, cutAfter] = [breakLines(before), breakLines(after)]
  // Texts that differ in white space alone have the same sentences.
  const isSame = cutBefore === cutAfter
  const changes = isSame ? undefined : diffLines(cutBefore, cutAfter, { maxEditLength: MOST_EDITS })
  const parts = toParts(changes, cutBefore, cutAfter)
  const lines = parts.flatMap(({ is, text }, index) => {
    const own = text
      .split('\n')
      .slice(0, -1)
      .map(line => ({ is, text: showLine(line) }))
    return is === 'same' ? cutSameLines(own, index === 0, index === parts.length - 1) : own
  })
  if (lines.length <= MOST_LINES) return lines
  return [...lines.slice(0, MOST_LINES), { is: 'same', text: `… ${lines.length - MOST_LINES} more lines` }]
}

const toParts = (
  changes: readonly ChangeObject<string>[] | undefined,
  before: string,
  after: string,
): readonly TextPart[] => {
  if (changes)
    return changes.map(({ added, removed, value }) => ({ is: nameChange(added, removed), text: value }))
  return [
    { is: 'removed', text: before },
    { is: 'added', text: after },
  ]
}

const nameChange = (added: boolean, removed: boolean): TextPart['is'] => {
  if (added) return 'added'
  return removed ? 'removed' : 'same'
}

/** Cut between words, so that what stands next to a change can be read. */
const cutSame = (text: string, isFirst: boolean, isLast: boolean): string => {
  if (text.length <= 2 * SAME_AT_EDGE) return text
  const head = isFirst ? '' : text.slice(0, SAME_AT_EDGE).replace(/\S+$/, '')
  const tail = isLast ? '' : text.slice(-SAME_AT_EDGE).replace(/^\S+/, '')
  return `${head}…${tail}`.toWellFormed()
}

const cutEnd = (text: string): string =>
  text.length <= LONGEST_PART ? text : `${text.slice(0, LONGEST_PART - 1)}…`.toWellFormed()

const cutSameLines = (lines: readonly TextPart[], isFirst: boolean, isLast: boolean): readonly TextPart[] => {
  if (lines.length <= 2 * SAME_LINES_AT_EDGE) return lines
  return [
    ...(isFirst ? [] : lines.slice(0, SAME_LINES_AT_EDGE)),
    { is: 'same', text: '…' },
    ...(isLast ? [] : lines.slice(-SAME_LINES_AT_EDGE)),
  ]
}

/** One sentence a line, and no line longer than a screen. Every line ends, so that the last one compares as well. */
const breakLines = (text: string): string => {
  const sentences = text.split(/\r?\n|(?<=[.!?;]) +/)
  const lines = sentences.flatMap(sentence => sentence.match(PIECES) ?? [''])
  return text === '' ? '' : lines.map(line => `${line.trimEnd()}\n`).join('')
}

const PIECES = new RegExp(`.{1,${LONGEST_LINE}}(?: |$)|.{1,${LONGEST_LINE}}`, 'gsu')
