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

export interface GuardFinding {
  readonly guard: SyncGuard
  /** Which direction is held back. */
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

const FEW = 2

const checkCoverage: Check = ({ audience, peopleRead, skipped }) => {
  if (peopleRead === 0) return undefined
  const missing = Object.values(skipped).reduce((sum, count) => sum + count, 0)
  // Small samples are not percentages: one or two may be missing of a handful, as long as somebody is left.
  if (missing <= FEW && missing < peopleRead) return undefined
  const coverage = (peopleRead - missing) / peopleRead
  if (coverage >= audience.identifier.minCoverage) return undefined
  return find(audience, 'coverage', 'all', {
    summary: 'Too few people carry the identifier',
    detail:
      `${amount(peopleRead - missing)} of ${amount(peopleRead)} people can be sent ` +
      `(${percent(coverage, audience.identifier.minCoverage)}, at least ${percent(audience.identifier.minCoverage)} wanted).`,
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
  const { recorded, removes } = counts
  if (peopleRead === 0 || recorded < audience.limits.floor) return undefined
  if (removes / recorded <= audience.limits.maxRemoval) return undefined
  const limit = { key: 'max_removal', ratio: audience.limits.maxRemoval }
  return find(audience, 'max-removal', 'removes', {
    summary: 'Too many members would leave at once',
    detail: describeSwing({ moving: removes, recorded, verb: 'leave', limit }),
  })
}

const checkGrowth: Check = ({ audience, counts, isFirstLoad }) => {
  const { recorded, removes, wanted } = counts
  if (isFirstLoad || recorded < audience.limits.floor) return undefined
  const entering = wanted - (recorded - removes)
  if (entering / recorded <= audience.limits.maxGrowth) return undefined
  const limit = { key: 'max_growth', ratio: audience.limits.maxGrowth }
  return find(audience, 'max-growth', 'adds', {
    summary: 'Too many members would enter at once',
    detail: describeSwing({ moving: entering, recorded, verb: 'enter', limit }),
  })
}

interface Swing {
  readonly moving: number
  readonly recorded: number
  readonly verb: 'enter' | 'leave'
  readonly limit: { readonly key: string; readonly ratio: number }
}

const describeSwing = ({ moving, recorded, verb, limit }: Swing): string =>
  `${amount(moving)} would ${verb}, ${amount(recorded)} are members ` +
  `(${percent(moving / recorded, limit.ratio)}, ${limit.key} ${percent(limit.ratio)}).`

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

/** As few decimals as tell the value from the limit it is beside: 30.04 % past a limit of 30 % is not shown as 30 %. */
const percent = (ratio: number, beside?: number): string => {
  for (let decimals = 1; decimals < 6; decimals += 1) {
    const text = `${Number((ratio * 100).toFixed(decimals))}%`
    if (beside === undefined || text !== percent(beside)) return text
  }
  return `${ratio * 100}%`
}
