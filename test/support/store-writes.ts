import fc from 'fast-check'
import type { StoreWrite } from '../../src/ports.ts'
import { AT, cohort } from '../contract/store-under-test.ts'

const KEYS = ['vip', 'vip@g1', 'winback'] as const

const key = fc.constantFrom(...KEYS)
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

/** Any write that needs no open delta. Some are refused: a ledger that moves to a key in use. */
export const anyWrite: fc.Arbitrary<StoreWrite> = fc.oneof(
  anyObject.map((object): StoreWrite => ({ kind: 'object', object })),
  key.map((id): StoreWrite => ({ kind: 'drop-object', address: `cohort.${id}` })),
  anyTombstone.map((tombstone): StoreWrite => ({ kind: 'tombstone', tombstone })),
  name.map((dropped): StoreWrite => ({ kind: 'drop-tombstone', name: dropped })),
  fc.record({ kind: fc.constant('move-ledger' as const), from: key, to: key }),
  fc.record({ kind: fc.constant('drop-ledger' as const), audience: key }),
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
