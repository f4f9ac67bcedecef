import fc from 'fast-check'
import type { ExitRule, Stage } from '../../src/model/audience.ts'
import type { MembershipRules } from '../../src/model/membership.ts'
import type { DeltaList, StoreWrite } from '../../src/model/store-write.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/model/time.ts'
import type { SpooledPerson } from '../../src/ports.ts'
import { anyWrite, STORE_KEYS } from './store-writes.ts'

/** One thing that the engine might do, and how much time passes before it. */
export type Step = { readonly passesMs: number } & (CommitStep | SyncStep)

export interface CommitStep {
  readonly kind: 'commit'
  /** Those that carry a moment are given that of the step. */
  readonly writes: readonly StoreWrite[]
}

/** A sync, or a comparison of two ledgers. Shares are of what there is, so that every draw means something. */
export interface SyncStep {
  readonly kind: 'sync'
  readonly audience: string
  readonly pages: readonly (readonly SpooledPerson[])[]
  /** How the read ends after its first page, before it is gone on with, or begun anew. */
  readonly interruption: 'none' | 'kept' | 'killed' | 'discarded' | 'other key'
  readonly recorded: readonly string[]
  /** `usual`: those of the history. Absent: none, as when ledgers are compared. */
  readonly rules?: DrawnRules | 'usual'
  readonly again: boolean
  readonly notes: 'none' | 'complete' | 'incomplete'
  readonly carries: boolean
  readonly batches: readonly DrawnBatch[]
  /** Without a word, after the last batch. */
  readonly isKilled: boolean
}

/** Rules without their moments, which are those of the step. */
export type DrawnRules = Pick<MembershipRules, 'exit' | 'stage' | 'holdoutPercent' | 'testers'>

export interface DrawnBatch {
  readonly list: DeltaList
  readonly share: number
  /** `rejected`: the batch is refused, and its first identifier by itself. */
  readonly outcome: 'accepted' | 'refused' | 'rejected' | 'unknown'
}

/** Mostly one: a ledger tells more the more happened to it. */
const key = fc.oneof(
  { weight: 3, arbitrary: fc.constant(STORE_KEYS[0]) },
  { weight: 1, arbitrary: fc.constantFrom(...STORE_KEYS) },
)

/** The last two differ from others in case and outer spaces only. */
const IDENTIFIERS = ['usr_1', 'usr_2', 'usr_3', 'USR_1', ' usr_2']

/** Mostly the same few, so that people leave and come back. */
const anyPerson = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom<SpooledPerson>(
      { person: 'c1', identifier: 'usr_1' },
      { person: 'c2', identifier: 'usr_2' },
      { person: 'c3', identifier: 'usr_3' },
      { person: 'c4', identifier: 'USR_1' },
      { person: 'c5', identifier: 'usr_1' },
    ),
  },
  {
    weight: 1,
    arbitrary: fc.record(
      {
        person: fc.constantFrom('c1', 'c2', 'c3', 'c4', 'c5'),
        identifier: fc.constantFrom(...IDENTIFIERS, ''),
      },
      { requiredKeys: ['person'] },
    ),
  },
)

const anyDuration = fc.constantFrom(HOUR_MS, DAY_MS, 3 * DAY_MS)

const anyExit: fc.Arbitrary<ExitRule> = fc.oneof(
  { weight: 1, arbitrary: fc.constant<ExitRule>({ kind: 'remove' }) },
  { weight: 1, arbitrary: fc.constant<ExitRule>({ kind: 'keep', because: 'they bought it' }) },
  {
    weight: 4,
    arbitrary: fc.record(
      {
        kind: fc.constant('sticky' as const),
        forMs: anyDuration,
        from: fc.constantFrom('entry' as const, 'exit' as const),
        noReentryForMs: anyDuration,
      },
      { requiredKeys: ['kind', 'forMs', 'from'] },
    ),
  },
)

const anyStage: fc.Arbitrary<Stage> = fc.oneof(
  { weight: 8, arbitrary: fc.constant<Stage>({ kind: 'live' }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom<Stage>({ kind: 'canary', percent: 60 }, { kind: 'canary', percent: 30 }),
  },
  { weight: 1, arbitrary: fc.constantFrom<Stage>({ kind: 'qa' }, { kind: 'paused' }) },
)

/** Any rules that a spec can state. */
export const anyRules: fc.Arbitrary<DrawnRules> = fc.record({
  exit: anyExit,
  stage: anyStage,
  holdoutPercent: fc.constantFrom(0, 0, 0, 0, 25, 50),
  testers: fc.constantFrom(['usr_1'], ['usr_1', 'USR_1', 'nobody'], []),
})

/** What may pass between two steps: up to the edges of what cools down, of stays, and of what is refused. */
export const anyPassing = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(0, 1, 5 * MINUTE_MS, 10 * MINUTE_MS, 15 * MINUTE_MS) },
  { weight: 2, arbitrary: fc.constantFrom(HOUR_MS, DAY_MS, 2 * DAY_MS) },
)

const anyBatch: fc.Arbitrary<DrawnBatch> = fc.record({
  list: fc.constantFrom('add' as const, 'remove' as const, 'again' as const),
  share: fc.double({ min: 0, max: 1, noNaN: true }),
  outcome: fc.constantFrom<DrawnBatch['outcome']>(
    'accepted',
    'accepted',
    'refused',
    'rejected',
    'unknown',
    'unknown',
  ),
})

/** Everything sent, everything taken: without it no ledger would ever fill. */
const ALL_ACCEPTED = (['remove', 'add', 'again'] as const).map(
  (list): DrawnBatch => ({ list, share: 1, outcome: 'accepted' }),
)

const anySync: fc.Arbitrary<SyncStep> = fc.record({
  kind: fc.constant('sync' as const),
  audience: key,
  pages: fc.array(fc.array(anyPerson, { maxLength: 4 }), { minLength: 1, maxLength: 3 }),
  interruption: fc.oneof(
    { weight: 6, arbitrary: fc.constant('none' as const) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        'kept' as const,
        'killed' as const,
        'discarded' as const,
        'other key' as const,
      ),
    },
  ),
  recorded: fc.constant([]),
  rules: fc.oneof(
    { weight: 3, arbitrary: fc.constant('usual' as const) },
    { weight: 1, arbitrary: anyRules },
  ),
  again: fc.boolean(),
  notes: fc.constantFrom('complete' as const, 'complete' as const, 'incomplete' as const, 'none' as const),
  carries: fc.boolean(),
  batches: fc.oneof(
    { weight: 3, arbitrary: fc.constant(ALL_ACCEPTED) },
    { weight: 2, arbitrary: fc.array(anyBatch, { maxLength: 4 }) },
  ),
  isKilled: fc.oneof(
    { weight: 9, arbitrary: fc.constant(false) },
    { weight: 1, arbitrary: fc.constant(true) },
  ),
})

/** As renames and drains compare: no rules, and perhaps whoever is recorded elsewhere. */
const anyComparison: fc.Arbitrary<SyncStep> = fc
  .tuple(anySync, fc.array(key, { maxLength: 2 }))
  .map(([{ rules, ...sync }, recorded]) => ({ ...sync, recorded, interruption: 'none' as const }))

const anyCommit: fc.Arbitrary<CommitStep> = fc.record({
  kind: fc.constant('commit' as const),
  writes: fc.array(anyWrite, { minLength: 1, maxLength: 3 }),
})

/** Anything that the engine might do next. */
export const anyStep: fc.Arbitrary<Step> = fc
  .tuple(
    anyPassing,
    fc.oneof(
      { weight: 2, arbitrary: anyCommit },
      { weight: 5, arbitrary: anySync },
      { weight: 1, arbitrary: anyComparison },
    ),
  )
  .map(([passesMs, step]) => ({ passesMs, ...step }))
