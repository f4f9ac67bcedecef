import type { Audience } from '../model/audience.ts'
import type { Diagnostic } from '../model/diagnostic.ts'
import type { DeltaCounts, ReadOutcome, SkipReason } from '../model/membership.ts'

/** The guards of one sync, by the names that `--allow` takes. */
export const SYNC_GUARDS = [
  'coverage',
  'empty-source',
  'max-members',
  'max-removal',
  'max-growth',
  'incomplete-read',
] as const
export type SyncGuard = (typeof SYNC_GUARDS)[number]

/** What a guard stops: everything, or only the removes. */
export interface GuardFinding {
  readonly guard: SyncGuard
  readonly stops: 'all' | 'removes' | 'adds'
  /** Whether a person may overrule it for one run with `--allow`. */
  readonly canAllow: boolean
  readonly diagnostic: Diagnostic
}

export interface SyncFacts {
  readonly audience: Audience
  readonly outcome: ReadOutcome
  readonly peopleRead: number
  readonly skipped: Readonly<Record<SkipReason, number>>
  readonly counts: DeltaCounts
  /** True until a sync of this audience was once accepted to its end: a first load is not a swing. */
  readonly isFirstLoad: boolean
}

/** Runs every guard, most important first. An empty answer means: go. */
export const checkSync = (facts: SyncFacts): readonly GuardFinding[] =>
  [checkEmptySource, checkIncomplete, checkCoverage, checkMaxMembers, checkRemoval, checkGrowth]
    .map(check => check(facts))
    .filter(finding => finding !== undefined)

type Check = (facts: SyncFacts) => GuardFinding | undefined

const checkEmptySource: Check = ({ audience, peopleRead, counts }) => {
  if (peopleRead > 0 || counts.recorded === 0) return undefined
  return find(audience, 'empty-source', 'removes', {
    summary: 'The source is empty, the cohort is not',
    detail: `Customer.io answered with nobody, while ${amount(counts.recorded)} are recorded as members.`,
  })
}

const checkIncomplete: Check = ({ audience, outcome }) => {
  if (outcome.kind === 'complete') return undefined
  const why = {
    'still-building': 'Customer.io is still building the segment',
    'count-disagrees': 'the people read and the count Customer.io gives disagree',
    'cursor-repeated': 'Customer.io gave the same page twice',
    'empty-page': 'Customer.io gave an empty page before the end',
  }[outcome.reason]
  return {
    guard: 'incomplete-read',
    stops: 'removes',
    canAllow: false,
    diagnostic: {
      code: 'guard/incomplete-read',
      severity: 'warning',
      summary: 'Removes wait for a complete read',
      detail: `${audience.id}: ${why}. People who enter are added, nobody is removed.`,
      hint: 'run the same sync again later; nothing needs to be allowed',
    },
  }
}

const checkCoverage: Check = ({ audience, peopleRead, skipped }) => {
  if (peopleRead === 0) return undefined
  const missing = Object.values(skipped).reduce((sum, count) => sum + count, 0)
  const coverage = (peopleRead - missing) / peopleRead
  if (coverage >= audience.identifier.minCoverage) return undefined
  return find(audience, 'coverage', 'all', {
    summary: 'Too few people carry the identifier',
    detail:
      `${amount(peopleRead - missing)} of ${amount(peopleRead)} people can be sent ` +
      `(${percent(coverage)}, at least ${percent(audience.identifier.minCoverage)} wanted).`,
  })
}

const checkMaxMembers: Check = ({ audience, counts }) => {
  if (counts.wanted <= audience.limits.maxMembers) return undefined
  return find(audience, 'max-members', 'all', {
    summary: 'More members than allowed',
    detail: `${amount(counts.wanted)} wanted, max_members is ${amount(audience.limits.maxMembers)}.`,
  })
}

const checkRemoval: Check = ({ audience, counts, peopleRead }) => {
  if (peopleRead === 0 || counts.recorded < audience.limits.floor) return undefined
  const share = counts.removes / counts.recorded
  if (share <= audience.limits.maxRemoval) return undefined
  return find(audience, 'max-removal', 'removes', {
    summary: 'Too many members would leave at once',
    detail: swing(
      counts.removes,
      counts.recorded,
      'leave',
      share,
      `max_removal ${percent(audience.limits.maxRemoval)}`,
    ),
  })
}

const checkGrowth: Check = ({ audience, counts, isFirstLoad }) => {
  if (isFirstLoad || counts.recorded < audience.limits.floor) return undefined
  const entering = counts.wanted - (counts.recorded - counts.removes)
  const share = entering / counts.recorded
  if (share <= audience.limits.maxGrowth) return undefined
  return find(audience, 'max-growth', 'adds', {
    summary: 'Too many members would enter at once',
    detail: swing(
      entering,
      counts.recorded,
      'enter',
      share,
      `max_growth ${percent(audience.limits.maxGrowth)}`,
    ),
  })
}

const swing = (moving: number, before: number, verb: string, share: number, limit: string): string =>
  `${amount(moving)} would ${verb}, ${amount(before)} are members (${percent(share)}, ${limit}).`

const find = (
  audience: Audience,
  guard: SyncGuard,
  stops: GuardFinding['stops'],
  text: { summary: string; detail: string },
): GuardFinding => ({
  guard,
  stops,
  canAllow: true,
  diagnostic: {
    code: `guard/${guard}`,
    severity: 'error',
    summary: text.summary,
    detail: `${audience.id}: ${text.detail}`,
    hint: `if this is right: muster sync --only ${audience.id} --allow ${audience.id}:${guard}:"why"`,
  },
})

const amount = (count: number): string => count.toLocaleString('en-US')

/** One decimal, and never rounded onto a limit that it has passed: 30.04 % shows as 30.04%. */
const percent = (ratio: number): string => {
  const value = ratio * 100
  const rounded = Math.round(value * 10) / 10
  return `${Math.abs(rounded - value) < 1e-9 ? rounded : Math.round(value * 100) / 100}%`
}
