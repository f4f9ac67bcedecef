import type { AttributeChange, PlanValue } from '../model/plan.ts'
import { showEntries, showValue } from './show-value.ts'

/** Longer texts, and those of several lines, are shown by what changed inside. */
const LONGEST_PLAIN = 60

/** A value that changed, ready to be shown. */
export type ValueView =
  | { readonly kind: 'plain'; readonly before: string; readonly after: string }
  /** Two texts of which one is long, as they are: to be compared by words or lines. */
  | { readonly kind: 'text'; readonly before: string; readonly after: string }
  /** Entries that came and went. */
  | { readonly kind: 'list'; readonly came: string; readonly went: string; readonly kept: number }

/** How one attribute's change is best shown. */
export const viewValue = ({ before, after, belief }: AttributeChange): ValueView => {
  if (isLong(before) || isLong(after)) {
    const [left, right] = [textOf(before), textOf(after)]
    if (left !== undefined && right !== undefined) return { kind: 'text', before: left, after: right }
  }
  const list = isList(before) && isList(after) ? viewList(before, after) : undefined
  if (list) return list
  const isUnknown = before === undefined && belief === 'unknown'
  return { kind: 'plain', before: isUnknown ? '(unknown)' : showValue(before), after: showValue(after) }
}

const isLong = (value: PlanValue | undefined): boolean =>
  typeof value === 'string' &&
  !value.startsWith('sha256:') &&
  (value.length > LONGEST_PLAIN || value.includes('\n'))

/** An absent text is compared as one without words; its markers say that nothing was there. */
const textOf = (value: PlanValue | undefined): string | undefined => {
  if (value === undefined) return ''
  return typeof value === 'string' ? value : undefined
}

const isList = (value: PlanValue | undefined): value is readonly string[] => Array.isArray(value)

/** Undefined when there is nothing to tell apart: one side is empty, or only the order differs. */
const viewList = (before: readonly string[], after: readonly string[]): ValueView | undefined => {
  const [had, has] = [new Set(before), new Set(after)]
  const came = after.filter(entry => !had.has(entry))
  const went = before.filter(entry => !has.has(entry))
  if (before.length === 0 || after.length === 0 || came.length + went.length === 0) return undefined
  return {
    kind: 'list',
    came: came.length > 0 ? showEntries(came) : '',
    went: went.length > 0 ? showEntries(went) : '',
    kept: after.length - came.length,
  }
}
