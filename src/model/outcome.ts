import type { Diagnostic } from './diagnostic.ts'
import type { Failure } from './failure.ts'
import type { SyncResult } from './membership.ts'
import type { Address, Change } from './plan.ts'

/** How one change ended. `waiting` needs something that is not there yet: the next apply goes on with it. */
export type ChangeResult =
  | { readonly kind: 'done'; readonly note?: string }
  | { readonly kind: 'waiting'; readonly why: string }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'skipped' }

export interface ChangeOutcome {
  readonly address: Address
  readonly change: Change
  readonly result: ChangeResult
}

/** How one audience's sync ended, with what a person should read about it. */
export interface SyncReport {
  readonly result: SyncResult
  readonly findings: readonly Diagnostic[]
  readonly failure?: Failure
  /** True when another audience's failure ended the whole run before this one was done. */
  readonly wasStopped?: boolean
  /** Set when nothing was to be done on purpose, for example while paused. */
  readonly note?: string
}

/** How a sync of several audiences ended. */
export interface SyncEnd {
  /** One for each audience, in the order of their ids. */
  readonly reports: readonly SyncReport[]
  /** What concerns all of them. */
  readonly findings: readonly Diagnostic[]
}
