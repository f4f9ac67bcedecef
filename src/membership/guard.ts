import type { Audience } from '../model/audience.ts'
import type { Diagnostic } from '../model/diagnostic.ts'
import type { DeltaCounts, ReadOutcome, SkipReason } from '../model/membership.ts'
import type { Instant } from '../model/time.ts'
import {
  checkCoverage,
  checkEmptySource,
  checkIncomplete,
  checkMaxMembers,
  checkStale,
} from './guard-source.ts'
import { checkGrowth, checkRemoval } from './guard-swing.ts'

/** The guards of one sync, by the names that `--allow` takes. */
export const SYNC_GUARDS = [
  'coverage',
  'empty-source',
  'match-rate',
  'max-members',
  'max-removal',
  'max-growth',
  'stale-source',
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
  /** The run's moment. */
  readonly now: Instant
  /** When the first of what was read was read: by an earlier run, where that was cut off. Absent: in this run. */
  readonly readStartedAt?: Instant
  /** The moment of the run that last synced this audience to its end. */
  readonly syncedAt?: Instant
}

/** One guard: what it found, or nothing. */
export type SyncCheck = (facts: SyncFacts) => GuardFinding | undefined

const CHECKS: readonly SyncCheck[] = [
  checkEmptySource,
  checkIncomplete,
  checkStale,
  checkCoverage,
  checkMaxMembers,
  checkRemoval,
  checkGrowth,
]

/** Runs every guard, most important first. An empty answer means: go. */
export const checkSync = (facts: SyncFacts): readonly GuardFinding[] =>
  CHECKS.map(check => check(facts)).filter(finding => finding !== undefined)
