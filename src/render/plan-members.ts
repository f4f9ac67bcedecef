import { unreachable } from '../model/invariant.ts'
import { audienceOfKey, isLeftBehind, type MembershipEffect } from '../model/plan.ts'
import { formatNumber } from './words.ts'

/** What applying does to people, by the ledger's counts, or undefined when it holds nobody. */
export const describeMembers = (effects: readonly MembershipEffect[]): string | undefined => {
  const total = sum([...largestByAudience(effects).values()])
  if (total === 0) return undefined
  const parts = [
    { words: 'to be removed', count: countOfEffect(effects, 'remove-all') },
    { words: 'to be carried over', count: countOfEffect(effects, 'carry-over') },
    { words: 'to be left as they are', count: countOfEffect(effects, 'left-as-is') },
  ].filter(({ count }) => count > 0)
  const detail = parts.map(({ words, count }) => `, ${formatNumber(count)} ${words}`).join('')
  return `Members: ${formatNumber(total)} recorded as accepted${detail}. MoEngage cannot list a cohort's members, so they are never read.`
}

/** A renamed cohort and its former self hold the same people: they are counted once. */
const largestByAudience = (effects: readonly MembershipEffect[]): ReadonlyMap<string, number> => {
  const largest = new Map<string, number>()
  for (const { audience, recordedMembers } of effects) {
    const id = audienceOfKey(audience)
    largest.set(id, Math.max(largest.get(id) ?? 0, recordedMembers))
  }
  return largest
}

const countOfEffect = (effects: readonly MembershipEffect[], wanted: MembershipEffect['effect']): number =>
  sum(effects.filter(each => nameEffect(each) === wanted).map(({ recordedMembers }) => recordedMembers))

/** Who leaves a cohort's former self was carried over before: for these people nothing ends. */
const nameEffect = ({ audience, effect }: MembershipEffect): MembershipEffect['effect'] => {
  switch (effect) {
    case 'remove-all':
    case 'left-as-is':
      return isLeftBehind(audience) ? 'follow-source' : effect
    case 'first-load':
    case 'carry-over':
    case 'follow-source':
      return effect
    default:
      return unreachable(effect)
  }
}

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0)
