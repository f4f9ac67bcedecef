import { compareText } from '../model/diagnostic.ts'
import { isLeftBehind, type PlanTarget } from '../model/plan.ts'
import type { RecordedState } from '../model/recorded.ts'
import type { AudienceReport, SharedPeople, StoreReport } from '../model/report.ts'
import type { Instant } from '../model/time.ts'
import type { Overlap } from '../ports.ts'
import { cohortAddress } from './address.ts'
import { describeAllowances } from './allowances.ts'

export interface StoreReportInput {
  readonly target: PlanTarget
  readonly now: Instant
  readonly recorded: RecordedState
  readonly overlaps: readonly Overlap[]
}

/** Gathers what the store alone can tell: who was accepted, how fresh that is, and who is in two audiences at once. */
export const reportStore = ({ target, now, recorded, overlaps }: StoreReportInput): StoreReport => {
  const keys = new Set(
    [...recorded.objects.values()].flatMap(({ kind, audience }) =>
      kind === 'cohort' || kind === 'binding' ? [audience] : [],
    ),
  )
  return {
    target,
    reportedAt: now,
    audiences: [...keys].sort(compareText).map(key => describeAudience(key, recorded)),
    shared: overlaps
      .filter(({ audiences }) => audiences.every(key => keys.has(key) && !isLeftBehind(key)))
      .map(overlap => describeShared(overlap, recorded))
      .sort(compareShared),
  }
}

/** What is known of the members of one ledger key. */
export const describeAudience = (
  audience: string,
  { objects, members, synced, asserted, evidence, allowances }: RecordedState,
): AudienceReport => {
  const cohort = objects.get(cohortAddress(audience))
  const syncedAt = synced.get(audience)
  const assertion = asserted.get(audience)
  const tried = evidence.get(audience)
  return {
    audience,
    ...(cohort ? { cohort: String(cohort.attributes.name) } : {}),
    members: members.get(audience) ?? 0,
    ...(syncedAt === undefined ? {} : { syncedAt }),
    ...(assertion ? { asserted: assertion } : {}),
    ...(tried ? { evidence: tried } : {}),
    allowances: describeAllowances({ allowances }, id => id === audience),
  }
}

/** People are counted here and identifiers there, so that of a few who share an identifier there may be one more. */
const describeShared = ({ audiences, people }: Overlap, { members }: RecordedState): SharedPeople => {
  const [a, b] = audiences
  const countOf = (key: string): number => members.get(key) ?? 0
  const smaller = countOf(b) < countOf(a) ? b : a
  return { audiences, people, smaller, shareOfSmaller: Math.min(1, people / Math.max(1, countOf(smaller))) }
}

const compareShared = (a: SharedPeople, b: SharedPeople): number =>
  b.shareOfSmaller - a.shareOfSmaller ||
  b.people - a.people ||
  compareText(a.audiences.join(' '), b.audiences.join(' '))
