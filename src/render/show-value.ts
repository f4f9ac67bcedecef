import type { PlanValue } from '../model/plan.ts'
import { showInvisible } from '../spec/visible-text.ts'

const LONGEST_LIST = 20
const DIGEST = /^sha256:[0-9a-f]{64}$/
const SHOWN_OF_DIGEST = 'sha256:'.length + 12

/** A text on one line: what nobody could see is a box, the end of a line is `⏎`. Safe for a terminal. */
export const showLine = (text: string): string =>
  showInvisible(text.replaceAll(/\r?\n/g, '⏎').replaceAll('\t', ' ')).toWellFormed()

/** A value for people. What is absent and what is empty never look the same. */
export const showValue = (value: PlanValue | undefined): string => {
  if (value === undefined) return '(none)'
  if (typeof value === 'string') return value === '' ? '(empty)' : showText(value)
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return value.length === 0 ? '(empty)' : showEntries(value)
}

/** Entries of a list, the first few of a long one. */
export const showEntries = (entries: readonly string[]): string => {
  const more = entries.length - LONGEST_LIST
  return [...entries.slice(0, LONGEST_LIST).map(showText), ...(more > 0 ? [`${more} more`] : [])].join(', ')
}

const showText = (text: string): string =>
  showLine(DIGEST.test(text) ? `${text.slice(0, SHOWN_OF_DIGEST)}…` : text)
