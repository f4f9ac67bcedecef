import { readMembers } from '../../src/engine/read-members.ts'
import type { NamedSegment } from '../../src/engine/read-source.ts'
import type { Run } from '../../src/engine/run.ts'
import { judgeRead } from '../../src/membership/completeness.ts'
import type { Audience } from '../../src/model/audience.ts'
import { type Failure, FailureError, failureOf } from '../../src/model/failure.ts'
import type { SourcePerson } from '../../src/model/membership.ts'
import type { PeopleExports, PeoplePage, SourceReader, SourceSegment, Store } from '../../src/ports.ts'
import { anAudience, aWorkspace } from './audience.ts'
import { createMemoryStore, type MemoryStore } from './memory-store.ts'

export const OPENING = '2026-11-23T10:00:00.000Z'

/** People `c_1` to `c_n`, each with an identifier of their own. */
export const somePeople = (count: number, from = 1): SourcePerson[] =>
  Array.from({ length: count }, (_, n) => ({ person: `c_${from + n}`, value: `usr_${from + n}` }))

export const aFailure = (code: string, retryable: boolean, more: Partial<Failure> = {}): FailureError =>
  new FailureError({ origin: 'customerio', code, detail: 'Customer.io would not.', retryable, ...more })

/** A segment whose people are told in pages of three, and what a test does to it. */
export interface Shop {
  segment: SourceSegment | undefined
  people: SourcePerson[]
  /** Asked before each count, by its number from 1; throws, or answers another one. */
  onCount: (n: number) => number | undefined
  /** Looked at before a page is told, by its number from 1; throws, or answers another page. */
  onPage: (n: number, start: string | undefined) => PeoplePage | undefined
  now: string
  named: NamedSegment
  testers: readonly string[]
  /** The process is killed where a read fails: its spool lies there as it was. */
  isKilled: boolean
  readonly store: MemoryStore
  readonly calls: string[]
  /** Asked instead of the people above. */
  source?: SourceReader
  exports: Partial<PeopleExports>
  readonly controller: AbortController
  readonly waits: number[]
}

export const openShop = (count: number): Shop => {
  const shop: Shop = {
    segment: {
      segmentId: 11,
      name: 'VIP customers',
      type: 'dynamic',
      isFinished: true,
      updatedAt: '2026-11-01T00:00:00.000Z',
    },
    people: somePeople(count),
    onCount: () => undefined,
    onPage: () => undefined,
    now: OPENING,
    named: { segmentId: 11, name: 'VIP customers' },
    testers: [],
    isKilled: false,
    store: createMemoryStore({ clock: { now: () => shop.now } }),
    calls: [],
    exports: {},
    controller: new AbortController(),
    waits: [],
  }
  return shop
}

const PAGE = 3

const createSource = (shop: Shop): Partial<SourceReader> => {
  let pages = 0
  let counts = 0
  return {
    readSegment: async () => shop.segment,
    countPeople: async () => {
      counts += 1
      return shop.onCount(counts) ?? shop.people.length
    },
    readPeoplePage: async (_segmentId, { key, start, limit }) => {
      pages += 1
      shop.calls.push(`${key} from ${start ?? 'the beginning'}${limit === undefined ? '' : `, ${limit}`}`)
      const instead = shop.onPage(pages, start)
      if (instead) return instead
      const from = Number(start ?? 0)
      const people = shop.people.slice(from, from + PAGE)
      return from + PAGE < shop.people.length ? { people, next: String(from + PAGE) } : { people }
    },
  }
}

/** A run over the shop, which holds the store. Nothing else of a run is needed to read. */
export const openRun = async (shop: Shop): Promise<Run> => {
  const store = await shop.store.open()
  const nothing = async () => undefined
  return {
    now: shop.now,
    workspace: { ...aWorkspace, qa: { ...aWorkspace.qa, testers: shop.testers } },
    store: {
      ...store,
      openSpool: async (...asked: Parameters<Store['openSpool']>) => {
        const spool = await store.openSpool(...asked)
        return shop.isKilled ? { ...spool, keep: nothing, discard: nothing } : spool
      },
    },
    reader: {
      source: shop.source ?? createSource(shop),
      destination: {
        refusesIdentifier: (identifier: string) =>
          identifier === 'guest' ? 'reserved-identifier' : undefined,
      },
    },
    exports: shop.exports,
    claimedExports: new Set(),
    clock: {
      now: () => shop.now,
      monotonicMs: () => 0,
      sleep: async (ms: number) => void shop.waits.push(ms),
    },
    reporter: { report: () => undefined },
    signal: shop.controller.signal,
  } as unknown as Run
}

/** What one run reads: the people of the delta, how the read is judged, and from when it is. */
export const readOnce = async (shop: Shop, change: Partial<Audience> = {}) => {
  const run = await openRun(shop)
  try {
    const { read, spool } = await readMembers(run, { audience: anAudience(change), source: shop.named })
    const delta = await spool.computeDelta()
    const outcome = judgeRead({ ...read.facts, people: delta.people })
    const rows = await delta.readRows('add', 0, 1_000_000)
    return {
      identifiers: rows.map(({ identifier }) => identifier),
      people: delta.people,
      rows: read.rows,
      skipped: Object.values(read.skipped).reduce((sum, each) => sum + each, 0),
      startedAt: read.startedAt,
      isResumed: read.isResumed,
      outcome: outcome.kind === 'complete' ? 'complete' : outcome.reason,
    }
  } catch (error) {
    const failure = failureOf(error)
    if (!failure) throw error
    return { failed: failure.code }
  } finally {
    await run.store.close().catch(() => undefined)
  }
}
