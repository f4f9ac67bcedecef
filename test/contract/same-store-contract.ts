import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BugError } from '../../src/model/invariant.ts'
import type { DeltaList } from '../../src/model/store-write.ts'
import { DAY_MS, type Instant, MINUTE_MS } from '../../src/model/time.ts'
import type { Delta, Spool, Store } from '../../src/ports.ts'
import { createMemoryStore } from '../support/memory-store.ts'
import {
  anyPassing,
  anyRules,
  anyStep,
  type CommitStep,
  type DrawnBatch,
  type DrawnRules,
  type Step,
  type SyncStep,
} from '../support/store-steps.ts'
import { STORE_KEYS, stampWrite } from '../support/store-writes.ts'
import { AT, createSurroundings, type StoreUnderTest, withMaps } from './store-under-test.ts'

/** Set from outside to look further, or to look at one failure again. */
const { MUSTER_SAME_STORE_RUNS: runs = '25', MUSTER_SAME_STORE_SEED: seed } = process.env

/** A store that is open, with a way to end its process. */
interface Session {
  readonly store: Store
  /** Ends without letting go, and is opened again. */
  dieAndReopen(): Promise<void>
}

const openMemory = async (): Promise<Session> => {
  const memory = createMemoryStore(createSurroundings())
  let store = await memory.open()
  return {
    get store() {
      return store
    },
    dieAndReopen: async () => {
      memory.crashAt(1, 'before')
      await store.commit([]).catch(() => undefined)
      store = await memory.open()
    },
  }
}

const openSession = async ({ open, die }: StoreUnderTest): Promise<Session> => {
  let store = await open()
  return {
    get store() {
      return store
    },
    dieAndReopen: async () => {
      await die()
      store = await open()
    },
  }
}

const LISTS: readonly DeltaList[] = ['add', 'remove', 'again']
const sizeOf = ({ counts }: Delta, list: DeltaList): number =>
  ({ add: counts.adds, remove: counts.removes, again: counts.again })[list]

/** Does one step, and answers everything that can be seen of it. */
const takeStep = async (session: Session, step: Step, now: Instant, usual: DrawnRules): Promise<unknown> => {
  if (step.kind === 'commit') return takeCommit(session.store, step, now)
  const { rules, ...sync } = step
  return takeSync(session, { ...sync, rules: rules === 'usual' ? usual : rules }, now)
}

const takeCommit = async (store: Store, { writes }: CommitStep, now: Instant): Promise<unknown> => {
  const stamped = writes.map(write => stampWrite(write, now))
  const refused = await store.commit(stamped).catch((error: unknown) => error)
  return { isRefused: refused instanceof BugError, error: refused }
}

/** A sync whose rules are known. */
type RuledSync = Omit<SyncStep, 'rules'> & { readonly rules?: DrawnRules | undefined }

const takeSync = async (session: Session, step: RuledSync, now: Instant): Promise<unknown> => {
  const delta = await readAndCompare(session, step, now)
  const seen = await describeDelta(delta)
  const { store } = session
  if (step.notes !== 'none') await delta.noteLeavers({ at: now, isComplete: step.notes === 'complete' })
  if (step.carries) await delta.carryOver(now)
  for (const batch of step.batches) await sendBatch(store, step.audience, delta, { batch, now })
  if (step.isKilled) await session.dieAndReopen()
  else await delta.close()
  return seen
}

const readAndCompare = async (session: Session, step: RuledSync, now: Instant): Promise<Delta> => {
  const { audience, pages, interruption, recorded, rules, again } = step
  let spool = await session.store.openSpool(audience, { resumeKey: 'segment 14' })
  if (interruption !== 'none') {
    await readPages(spool, pages, 1)
    if (interruption === 'kept' || interruption === 'other key') await spool.keep()
    if (interruption === 'discarded') await spool.discard()
    if (interruption === 'killed') await session.dieAndReopen()
    const resumeKey = interruption === 'other key' ? 'segment 15' : 'segment 14'
    spool = await session.store.openSpool(audience, { resumeKey })
    // How far a killed read got is each store's own matter; one that was kept is complete.
    if (interruption !== 'killed') expect(spool.resumed).toBe(interruption === 'kept' ? '1' : undefined)
  }
  await readPages(spool, pages, pages.length)
  for (const other of recorded) await spool.appendRecorded(other)
  return spool.computeDelta({ ...(rules ? { rules: rulesAt(rules, now) } : {}), again })
}

/** Goes on from where the note says, up to a page. The note says how many were read. */
const readPages = async (spool: Spool, pages: SyncStep['pages'], to: number): Promise<void> => {
  const from = Number(spool.resumed ?? 0)
  for (const [index, page] of pages.slice(from, to).entries())
    await spool.append(page, String(from + index + 1))
}

const rulesAt = (rules: DrawnRules, now: Instant) => ({
  ...rules,
  now,
  rejectedSince: earlier(now, 2 * DAY_MS),
  unsettledSince: earlier(now, 15 * MINUTE_MS),
})

const later = (at: Instant, ms: number): Instant => new Date(Date.parse(at) + ms).toISOString()
const earlier = (at: Instant, ms: number): Instant => later(at, -ms)

const describeDelta = async (delta: Delta): Promise<unknown> => {
  const lists: unknown[] = []
  for (const list of LISTS) {
    const rows = await delta.readRows(list, 0, 100)
    expect(rows.length).toBe(sizeOf(delta, list))
    // Which ones are taken is each store's own matter.
    const sample = await delta.sample(list, 2)
    expect(new Set(sample).size).toBe(Math.min(2, rows.length))
    expect(rows.map(({ identifier }) => identifier)).toEqual(expect.arrayContaining([...sample]))
    lists.push(rows, await delta.readRows(list, 1, 2))
  }
  return { counts: delta.counts, people: delta.people, lists }
}

const sendBatch = async (
  store: Store,
  audience: string,
  delta: Delta,
  { batch, now }: { readonly batch: DrawnBatch; readonly now: Instant },
): Promise<void> => {
  const { list, share, outcome } = batch
  const size = sizeOf(delta, list)
  if (size === 0) return
  const to = Math.max(1, Math.ceil(size * share))
  const range = { audience, list, from: to > 2 ? 2 : 1, to, at: now }
  await store.commit([{ kind: 'unsettled-batch', is: 'open', ...range }])
  if (outcome === 'unknown') return
  if (outcome === 'accepted') return store.commit([{ kind: 'batch', ...range }])
  await store.commit([{ kind: 'unsettled-batch', is: 'withdrawn', ...range }])
  const [first] = await delta.readRows(list, range.from - 1, 1)
  if (outcome === 'rejected' && first && list !== 'remove')
    await store.commit([{ kind: 'rejected', audience, identifier: first.identifier, at: now }])
}

/** A look at everything that a ledger holds, under some rules, some time later. Nothing is written. */
interface Look {
  readonly rules: DrawnRules
  readonly passesMs: number
}

const anyLook: fc.Arbitrary<Look> = fc.record({ rules: anyRules, passesMs: anyPassing })

const lookInto = async (
  store: Store,
  audience: string,
  now: Instant,
  looks: readonly Look[],
): Promise<readonly unknown[]> => {
  const seen: unknown[] = []
  for (const { rules, passesMs } of looks) {
    const spool = await store.openSpool(audience)
    await spool.append([
      { person: 'c1', identifier: 'usr_1' },
      { person: 'c2', identifier: 'usr_4' },
      { person: 'c3' },
    ])
    const delta = await spool.computeDelta({ rules: rulesAt(rules, later(now, passesMs)), again: true })
    seen.push(await describeDelta(delta))
    await delta.close()
  }
  const spool = await store.openSpool('nobody')
  await spool.appendRecorded(audience)
  const delta = await spool.computeDelta()
  seen.push(await describeDelta(delta))
  await delta.close()
  return seen
}

const anyHistory = fc.record({
  usual: anyRules,
  steps: fc.array(anyStep, { minLength: 1, maxLength: 12 }),
  looks: fc.array(anyLook, { minLength: 2, maxLength: 2 }),
})

/** Tells random histories to the store of the tests and to one that ships, and compares all that can be seen of either. */
export const describeSameStore = (name: string, create: () => Promise<StoreUnderTest>): void => {
  test(`the store that tests use does whatever ${name} does`, { timeout: 600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(anyHistory, history => tellBoth(history, create)),
      { numRuns: Number(runs), ...(seed === undefined ? {} : { seed: Number(seed) }) },
    )
  })
}

type History = typeof anyHistory extends fc.Arbitrary<infer T> ? T : never

const tellBoth = async (
  { usual, steps, looks }: History,
  create: () => Promise<StoreUnderTest>,
): Promise<void> => {
  const underTest = await create()
  const [memory, shipped] = [await openMemory(), await openSession(underTest)]
  let now = AT
  try {
    for (const step of steps) {
      now = later(now, step.passesMs)
      expect(await takeStep(memory, step, now, usual)).toEqual(await takeStep(shipped, step, now, usual))
      await expectSame(memory.store, shipped.store)
    }
    for (const audience of STORE_KEYS)
      expect(await lookInto(memory.store, audience, now, looks)).toEqual(
        await lookInto(shipped.store, audience, now, looks),
      )
    expect(await memory.store.readOverlaps()).toEqual(await shipped.store.readOverlaps())
    expect(await memory.store.readJournal(5)).toEqual(await shipped.store.readJournal(5))
    expect(await memory.store.readRuns(5)).toEqual(await shipped.store.readRuns(5))
    await shipped.store.close()
    // The store that ships may answer out of its memory: what it has written must say the same.
    const { lock, ...remembered } = withMaps(await memory.store.readState())
    expect(withMaps(await underTest.readStateAside())).toEqual(remembered)
  } finally {
    await underTest.cleanUp()
  }
}

/** Everything that the small state tells. */
const expectSame = async (memory: Store, other: Store): Promise<void> => {
  const [{ lock: mine, ...seen }, { lock: theirs, ...shipped }] = [
    withMaps(await memory.readState()),
    withMaps(await other.readState()),
  ]
  expect(seen).toEqual(shipped)
  expect(mine?.fence).toBe(theirs?.fence)
}
