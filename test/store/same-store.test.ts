import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BugError } from '../../src/model/invariant.ts'
import type { Delta, Direction, Store, StoreWrite } from '../../src/ports.ts'
import { createDuckdbStateReader, openDuckdbStore } from '../../src/store/duckdb/store.ts'
import { AT, createSurroundings, withMaps } from '../contract/store-under-test.ts'
import { createMemoryStore } from '../support/memory-store.ts'
import { anyWrite } from '../support/store-writes.ts'

/** One thing that the engine might do. Numbers are shares of what is there, so that every draw means something. */
type Step =
  | { readonly kind: 'commit'; readonly writes: readonly StoreWrite[] }
  | {
      readonly kind: 'sync'
      readonly audience: string
      readonly people: readonly { readonly person: string; readonly identifier?: string }[]
      readonly recorded: readonly string[]
      readonly again: boolean
      readonly carries: boolean
      readonly batches: readonly Batch[]
    }

interface Batch {
  readonly direction: Direction
  readonly share: number
  readonly outcome: 'accepted' | 'refused' | 'unknown'
}

const KEYS = ['vip', 'vip@g1', 'winback']
const key = fc.constantFrom(...KEYS)

const anyCommit: fc.Arbitrary<Step> = fc.record({
  kind: fc.constant('commit' as const),
  writes: fc.array(anyWrite, { minLength: 1, maxLength: 3 }),
})

const anyPerson = fc.record(
  {
    person: fc.constantFrom('c1', 'c2', 'c3', 'c4'),
    identifier: fc.constantFrom('usr_1', 'usr_2', 'usr_3', ''),
  },
  { requiredKeys: ['person'] },
)

const anyBatch: fc.Arbitrary<Batch> = fc.record({
  direction: fc.constantFrom('add' as const, 'remove' as const),
  share: fc.double({ min: 0, max: 1, noNaN: true }),
  outcome: fc.constantFrom('accepted' as const, 'refused' as const, 'unknown' as const),
})

/** Everything sent, everything taken: without it no ledger would ever fill. */
const ALL_ACCEPTED: readonly Batch[] = [
  { direction: 'add', share: 1, outcome: 'accepted' },
  { direction: 'remove', share: 1, outcome: 'accepted' },
]

const anySync: fc.Arbitrary<Step> = fc.record({
  kind: fc.constant('sync' as const),
  audience: key,
  people: fc.array(anyPerson, { maxLength: 6 }),
  recorded: fc.oneof(fc.constant([]), fc.array(key, { maxLength: 2 })),
  again: fc.boolean(),
  carries: fc.boolean(),
  batches: fc.oneof(fc.constant(ALL_ACCEPTED), fc.array(anyBatch, { maxLength: 3 })),
})

const anyStep = fc.oneof({ weight: 1, arbitrary: anyCommit }, { weight: 3, arbitrary: anySync })

const sendBatch = async (store: Store, audience: string, delta: Delta, batch: Batch): Promise<void> => {
  const { direction, share, outcome } = batch
  const size = direction === 'add' ? delta.counts.adds : delta.counts.removes
  if (size === 0) return
  const range = { audience, list: direction, from: 1, to: Math.max(1, Math.ceil(size * share)) }
  await store.commit([{ kind: 'unsettled-batch', is: 'open', at: AT, ...range }])
  if (outcome === 'accepted') await store.commit([{ kind: 'batch', at: AT, ...range }])
  if (outcome === 'refused')
    await store.commit([{ kind: 'unsettled-batch', is: 'withdrawn', at: AT, ...range }])
}

/** Does one step, and answers everything that can be seen of it. */
const take = async (store: Store, step: Step): Promise<unknown> => {
  if (step.kind === 'commit') {
    const refused = await store.commit(step.writes).catch((error: unknown) => error)
    return { isRefused: refused instanceof BugError, error: refused }
  }
  const spool = await store.openSpool(step.audience)
  await spool.append(step.people)
  for (const recorded of step.recorded) await spool.appendRecorded(recorded)
  const delta = await spool.computeDelta({ again: step.again })
  const adds = await delta.readRows('add', 0, 100)
  const removes = await delta.readRows('remove', 0, 100)
  if (step.carries) await delta.carryOver(AT)
  for (const batch of step.batches) await sendBatch(store, step.audience, delta, batch)
  await delta.close()
  return { counts: delta.counts, people: delta.people, adds, removes }
}

/** All that a ledger holds, as far as the port shows it: its pairs, and what is open. */
const lookInto = async (store: Store, audience: string): Promise<unknown> => {
  const look: Step = {
    kind: 'sync',
    audience,
    people: [],
    recorded: [],
    again: false,
    carries: false,
    batches: [],
  }
  return [await take(store, look), await take(store, { ...look, audience: 'nobody', recorded: [audience] })]
}

test('the store that tests use does whatever the one that ships does', { timeout: 120_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'muster-same-'))
  let stores = 0
  try {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 1, maxLength: 10 }), async steps => {
        stores += 1
        const options = {
          path: join(folder, `${stores}.duckdb`),
          target: 'the test',
          ...createSurroundings(),
        }
        const duckdb = await openDuckdbStore(options)
        const memory = await createMemoryStore(createSurroundings()).open()
        try {
          for (const step of steps) {
            expect(await take(memory, step)).toEqual(await take(duckdb, step))
            const [{ lock: mine, ...seen }, { lock: theirs, ...shipped }] = [
              withMaps(await memory.readState()),
              withMaps(await duckdb.readState()),
            ]
            expect(seen).toEqual(shipped)
            expect(mine?.fence).toBe(theirs?.fence)
          }
          for (const audience of KEYS)
            expect(await lookInto(memory, audience)).toEqual(await lookInto(duckdb, audience))
          expect(await memory.readJournal(5)).toEqual(await duckdb.readJournal(5))
          expect(await memory.readRuns(5)).toEqual(await duckdb.readRuns(5))
        } finally {
          await duckdb.close()
        }
        // The store that ships answers out of its memory: the file must say the same.
        const { lock, ...remembered } = withMaps(await memory.readState())
        expect(await createDuckdbStateReader(options).readState()).toEqual(remembered)
      }),
      { numRuns: 25 },
    )
  } finally {
    await rm(folder, { recursive: true })
  }
})
