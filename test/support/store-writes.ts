import fc from 'fast-check'
import type { StoreWrite } from '../../src/model/store-write.ts'
import type { Instant } from '../../src/model/time.ts'
import { AT, cohort } from '../contract/store-under-test.ts'

/** The ledger keys that are drawn: two audiences, and what a rename of one left behind. */
export const STORE_KEYS = ['vip', 'vip@g1', 'winback'] as const

const key = fc.constantFrom(...STORE_KEYS)
const identifier = fc.constantFrom('usr_1', 'usr_2', 'usr_3')
const name = fc.constantFrom('ORC__Vip__365d', 'ACT__Winback__60d', 'ORC__Old__1d')
const attributes = fc.record({ name, tags: fc.array(fc.constantFrom('a', 'ä"\n'), { maxLength: 2 }) })

const anyObject = fc
  .record(
    {
      audience: key,
      attributes,
      status: fc.constantFrom('pending' as const, 'seen' as const),
      origin: fc.constantFrom('created' as const, 'adopted' as const),
      remoteId: fc.constantFrom('r1', 'r2'),
      hints: fc.record({ updated_at: fc.constant(AT) }),
      carriesFrom: key,
    },
    { requiredKeys: ['audience', 'attributes', 'status', 'origin'] },
  )
  .map(drawn => ({ ...cohort, ...drawn, address: `cohort.${drawn.audience}` as const }))

const anyTombstone = fc.record(
  {
    name,
    address: key.map(id => `cohort.${id}` as const),
    retiredAt: fc.constant(AT),
    reason: fc.constantFrom('retired' as const, 'renamed' as const, 'forgotten' as const),
    cohortId: fc.constant('acme-vip-g1'),
  },
  { requiredKeys: ['name', 'address', 'retiredAt', 'reason'] },
)

const anyEvidence = fc.record(
  {
    audience: key,
    at: fc.constant(AT),
    runId: fc.constantFrom('r1', 'r2'),
    source: fc.constant('segment 14 "VIP"'),
    identifier: fc.constant('id'),
    accepted: fc.nat(9),
    resolved: fc.nat(9),
  },
  { requiredKeys: ['audience', 'at', 'runId', 'source', 'identifier', 'accepted'] },
)

const anyAllowance = fc.record({
  audience: key,
  guard: fc.constantFrom('coverage', 'max-removal'),
  reason: fc.constantFrom('a clean-up', 'ä"\n'),
  at: fc.constant(AT),
  runId: fc.constant('r1'),
})

/** The same write, at another moment, where it carries one. */
export const stampWrite = (write: StoreWrite, at: Instant): StoreWrite =>
  'at' in write && write.at !== undefined ? { ...write, at } : write

/** Any write that needs no open delta. Some are refused: a ledger that moves to a key in use. */
export const anyWrite: fc.Arbitrary<StoreWrite> = fc.oneof(
  anyObject.map((object): StoreWrite => ({ kind: 'object', object })),
  key.map((id): StoreWrite => ({ kind: 'drop-object', address: `cohort.${id}` })),
  anyTombstone.map((tombstone): StoreWrite => ({ kind: 'tombstone', tombstone })),
  name.map((dropped): StoreWrite => ({ kind: 'drop-tombstone', name: dropped })),
  fc.record({ kind: fc.constant('move-ledger' as const), from: key, to: key }),
  fc.record({ kind: fc.constant('drop-ledger' as const), audience: key }),
  fc.record({ kind: fc.constant('copy-barred' as const), from: key, to: key }),
  fc.record({ kind: fc.constant('carry-times' as const), from: key, to: key }),
  fc.record({ audience: key, person: fc.constantFrom('c1', 'c2', 'c3'), identifier }).map(
    (drawn): StoreWrite => ({
      kind: 'member',
      audience: drawn.audience,
      member: { person: drawn.person, identifier: drawn.identifier },
      at: AT,
    }),
  ),
  fc.record({
    kind: fc.constant('unsettled' as const),
    audience: key,
    identifier,
    direction: fc.constantFrom('add' as const, 'remove' as const),
    at: fc.constant(AT),
    is: fc.constantFrom('open' as const, 'withdrawn' as const),
  }),
  fc.record({ kind: fc.constant('doubt-all' as const), audience: key }),
  fc.record({ kind: fc.constant('rejected' as const), audience: key, identifier, at: fc.constant(AT) }),
  fc.record({
    kind: fc.constant('assertion' as const),
    audience: key,
    is: fc.constantFrom('begun' as const, 'done' as const),
    at: fc.constant(AT),
    reason: fc.constantFrom('interval' as const, 'asked' as const, 'generation' as const),
  }),
  anyEvidence.map((evidence): StoreWrite => ({ kind: 'evidence', evidence })),
  anyAllowance.map((allowance): StoreWrite => ({ kind: 'allowance', allowance })),
  fc.record({ kind: fc.constant('drop-allowances' as const), audience: key }),
  fc.record(
    { kind: fc.constant('synced' as const), audience: key, at: fc.constant(AT) },
    { requiredKeys: ['kind', 'audience'] },
  ),
  fc.constantFrom('intent' as const, 'accepted' as const).map(
    (phase): StoreWrite => ({
      kind: 'journal',
      entry: { runId: 'r1', at: AT, address: 'cohort.vip', operation: 'create cohort', phase },
    }),
  ),
  fc.constant<StoreWrite>({ kind: 'run', run: { runId: 'r1', command: 'apply', startedAt: AT } }),
)
