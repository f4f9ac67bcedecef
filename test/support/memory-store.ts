import { FailureError } from '../../src/model/failure.ts'
import { unreachable } from '../../src/model/invariant.ts'
import {
  EMPTY_STATE,
  type Lock,
  type RecordedObject,
  type RecordedState,
  type Tombstone,
} from '../../src/model/recorded.ts'
import type {
  Clock,
  Delta,
  JournalEntry,
  RunRecord,
  Spool,
  SpooledPerson,
  StateReader,
  Store,
  StoreWrite,
} from '../../src/ports.ts'
import { gatherWanted, MemoryDelta, MemoryLedger, refuseCall, type Undo } from './memory-ledger.ts'

/** What a killed process leaves: nobody hears of it but the test. Every later call on the same store throws it again. */
export class CrashError extends Error {
  constructor() {
    super('the process was killed here')
    this.name = 'CrashError'
  }
}

export interface MemoryStoreOptions {
  readonly clock?: Pick<Clock, 'now'>
  readonly createId?: () => string
  readonly holder?: Pick<Lock, 'owner' | 'command' | 'runId' | 'runUrl'>
  readonly leaseMs?: number
}

/** A store that lives as long as the test: `open` may be called again and again, as on one file. */
export interface MemoryStore extends StateReader {
  /** Rejects with `store/busy` while somebody has it open. */
  open(): Promise<Store>
  /** Opens it although somebody has it open: what a lease that ran out looks like. */
  seize(): Promise<Store>
  /** Removes the lock that a crash left behind. */
  unlock(lockId: string): Promise<Lock>
  /**
   * Kills the process that is writing before or after its n-th transaction from now, counted from 1. What was
   * committed stays. `carryOver` is a transaction too.
   */
  crashAt(transaction: number, when: 'before' | 'after'): void
  /** Transactions so far. */
  readonly transactions: number
}

interface World {
  readonly storeId: string
  head: number
  fence: number
  lock?: Lock
  isOpen: boolean
  transactions: number
  crash?: { readonly at: number; readonly when: 'before' | 'after' }
  readonly objects: Map<RecordedObject['address'], RecordedObject>
  readonly tombstones: Map<string, Tombstone>
  readonly ledgers: Map<string, MemoryLedger>
  readonly synced: Map<string, string>
  readonly journal: JournalEntry[]
  readonly runs: RunRecord[]
}

const HOLDER = { owner: 'somebody@example.com', command: 'apply', runId: 'r1' }

/** Keeps the same contract as the stores that ship, with a way to kill whoever writes. */
export const createMemoryStore = (options: MemoryStoreOptions = {}): MemoryStore => {
  let ids = 0
  const createId =
    options.createId ??
    (() => {
      ids += 1
      return `id-${ids}`
    })
  const terms = {
    clock: options.clock ?? { now: () => '2026-11-23T10:00:00.000Z' },
    createId,
    holder: options.holder ?? HOLDER,
    leaseMs: options.leaseMs ?? 600_000,
  }
  const world: World = {
    storeId: createId(),
    head: 0,
    fence: 0,
    isOpen: false,
    transactions: 0,
    objects: new Map(),
    tombstones: new Map(),
    ledgers: new Map(),
    synced: new Map(),
    journal: [],
    runs: [],
  }
  return {
    readState: async () => readState(world),
    open: async () => {
      if (world.isOpen) throw storeFailure('store/busy', true)
      return hold(world, terms)
    },
    seize: async () => hold(world, terms),
    unlock: async lockId => {
      const { lock } = world
      if (world.isOpen) throw storeFailure('store/busy', true)
      if (!lock) throw storeFailure('store/no-such-lock')
      if (lock.id !== lockId) throw storeFailure('store/other-lock')
      delete world.lock
      return lock
    },
    crashAt: (transaction, when) => {
      world.crash = { at: world.transactions + transaction, when }
    },
    get transactions() {
      return world.transactions
    },
  }
}

const storeFailure = (code: string, retryable = false): FailureError =>
  new FailureError({ origin: 'store', code, detail: `The store answered ${code}.`, retryable })

const readState = (world: World): RecordedState => ({
  ...EMPTY_STATE,
  storeId: world.storeId,
  head: world.head,
  objects: new Map(world.objects),
  tombstones: new Map(world.tombstones),
  members: new Map([...world.ledgers].flatMap(([key, { size }]) => (size > 0 ? [[key, size] as const] : []))),
  synced: new Map(world.synced),
  ...(world.lock ? { lock: world.lock } : {}),
})

type Terms = Required<MemoryStoreOptions>

const hold = (world: World, terms: Terms): Store => {
  const tookOverFrom = world.lock
  const endOfLease = (): string => new Date(Date.parse(terms.clock.now()) + terms.leaseMs).toISOString()
  world.fence += 1
  let lock: Lock = {
    ...terms.holder,
    id: terms.createId(),
    fence: world.fence,
    acquiredAt: terms.clock.now(),
    expiresAt: endOfLease(),
  }
  world.lock = lock
  world.isOpen = true
  let isDead = false
  const deltas = new Map<string, MemoryDelta>()

  const die = (): never => {
    isDead = true
    // The lock stays, the file is free: nobody let go, and nobody holds on.
    if (world.lock?.id === lock.id) world.isOpen = false
    throw new CrashError()
  }
  const alive = (): void => {
    if (isDead) throw new CrashError()
  }
  const transact = (work: (undo: Undo[]) => void): void => {
    alive()
    world.transactions += 1
    const isDue = (when: 'before' | 'after'): boolean =>
      world.crash?.at === world.transactions && world.crash.when === when
    if (isDue('before')) die()
    if (world.lock?.id !== lock.id || world.lock.fence !== lock.fence) throw storeFailure('store/fenced')
    const undo: Undo[] = []
    try {
      work(undo)
    } catch (error) {
      for (const step of undo.reverse()) step()
      throw error
    }
    lock = { ...lock, expiresAt: endOfLease() }
    world.lock = lock
    if (isDue('after')) die()
  }

  return {
    get lock() {
      return lock
    },
    ...(tookOverFrom ? { tookOverFrom } : {}),
    readState: async () => {
      alive()
      return readState(world)
    },
    readJournal: async limit => lastOf(world.journal, limit),
    readRuns: async limit => lastOf(world.runs, limit),
    commit: async writes =>
      transact(undo => {
        for (const write of writes) applyWrite(world, write, deltas, undo)
        if (!writes.some(raisesHead)) return
        world.head += 1
      }),
    readOverlaps: async () => [],
    openSpool: async audience => {
      alive()
      return openSpool(world, audience, deltas, transact)
    },
    close: async () => {
      if (isDead || world.lock?.id !== lock.id) return
      delete world.lock
      world.isOpen = false
    },
  }
}

const lastOf = <T>(rows: readonly T[], limit: number): readonly T[] =>
  rows.slice(Math.max(0, rows.length - limit))

/** Said a second time on purpose: the store under test must not be judged by its own words. */
const raisesHead = ({ kind }: StoreWrite): boolean =>
  ['object', 'drop-object', 'tombstone', 'drop-tombstone', 'move-ledger', 'drop-ledger'].includes(kind)

const ledgerOf = ({ ledgers }: World, key: string): MemoryLedger => {
  const ledger = ledgers.get(key) ?? new MemoryLedger()
  ledgers.set(key, ledger)
  return ledger
}

const putIn = <K, V>(map: Map<K, V>, key: K, value: V | undefined): Undo => {
  const before = map.get(key)
  if (value === undefined) map.delete(key)
  else map.set(key, value)
  return () => void putIn(map, key, before)
}

const pushOn = <T>(list: T[], value: T): Undo => {
  list.push(value)
  return () => void list.pop()
}

const applyWrite = (
  world: World,
  write: StoreWrite,
  deltas: ReadonlyMap<string, MemoryDelta>,
  undo: Undo[],
): void => {
  switch (write.kind) {
    case 'journal':
      undo.push(pushOn(world.journal, write.entry))
      return
    case 'run': {
      const index = world.runs.findIndex(({ runId }) => runId === write.run.runId)
      const before = world.runs[index]
      if (!before) undo.push(pushOn(world.runs, write.run))
      else {
        world.runs[index] = write.run
        undo.push(() => {
          world.runs[index] = before
        })
      }
      return
    }
    case 'object':
      undo.push(putIn(world.objects, write.object.address, write.object))
      return
    case 'drop-object':
      undo.push(putIn(world.objects, write.address, undefined))
      return
    case 'tombstone':
      undo.push(putIn(world.tombstones, write.tombstone.name, write.tombstone))
      return
    case 'drop-tombstone':
      undo.push(putIn(world.tombstones, write.name, undefined))
      return
    case 'move-ledger': {
      const there = world.ledgers.get(write.to)
      if ((there && !there.isEmpty) || world.synced.has(write.to))
        refuseCall(`the ledger of ${write.to} is not empty`)
      const ledger = world.ledgers.get(write.from)
      const synced = world.synced.get(write.from)
      undo.push(putIn(world.ledgers, write.from, undefined), putIn(world.ledgers, write.to, ledger))
      undo.push(putIn(world.synced, write.from, undefined), putIn(world.synced, write.to, synced))
      return
    }
    case 'drop-ledger':
      undo.push(
        putIn(world.ledgers, write.audience, undefined),
        putIn(world.synced, write.audience, undefined),
      )
      return
    case 'member': {
      const ledger = ledgerOf(world, write.audience)
      undo.push(ledger.take(write.member), ledger.settle(write.member.identifier, 0))
      return
    }
    case 'unsettled': {
      const ledger = ledgerOf(world, write.audience)
      undo.push(attempt(ledger, write.identifier, write.is))
      return
    }
    case 'doubt-all': {
      const ledger = ledgerOf(world, write.audience)
      for (const identifier of ledger.identifiers()) undo.push(attempt(ledger, identifier, 'open'))
      return
    }
    case 'synced':
      undo.push(putIn(world.synced, write.audience, write.at))
      return
    case 'unsettled-batch': {
      const ledger = ledgerOf(world, write.audience)
      const delta = deltas.get(write.audience) ?? refuseCall(`no open delta for ${write.audience}`)
      for (const identifier of delta.range(write)) undo.push(attempt(ledger, identifier, write.is))
      return
    }
    case 'batch': {
      const delta = deltas.get(write.audience) ?? refuseCall(`no open delta for ${write.audience}`)
      undo.push(...delta.accept(ledgerOf(world, write.audience), write))
      return
    }
    case 'rejected':
    case 'assertion':
    case 'evidence':
    case 'allowance':
    case 'drop-allowances':
      return
    default:
      unreachable(write)
  }
}

const attempt = (ledger: MemoryLedger, identifier: string, is: 'open' | 'withdrawn'): Undo =>
  ledger.settle(identifier, (ledger.unsettled.get(identifier) ?? 0) + (is === 'open' ? 1 : -1))

const openSpool = (
  world: World,
  audience: string,
  deltas: Map<string, MemoryDelta>,
  transact: (work: (undo: Undo[]) => void) => void,
): Spool => {
  const people: SpooledPerson[] = []
  const recordedKeys = new Set<string>()
  return {
    append: async appended => {
      for (const each of appended) {
        if (each.person === '' || /\p{Cc}/u.test(`${each.person}${each.identifier ?? ''}`))
          refuseCall('a person cannot be spooled')
        people.push(each)
      }
    },
    appendRecorded: async key => void recordedKeys.add(key),
    computeDelta: async ({ again = false } = {}): Promise<Delta> => {
      const recorded = [...recordedKeys].flatMap(key => world.ledgers.get(key) ?? [])
      const delta = new MemoryDelta(ledgerOf(world, audience), gatherWanted(people, recorded), again)
      deltas.set(audience, delta)
      return {
        counts: delta.counts,
        people: delta.people,
        readRows: async (list, after, limit) => (list === 'again' ? [] : delta.rows(list, after, limit)),
        sample: async () => [],
        noteLeavers: async () => undefined,
        carryOver: async () => transact(() => delta.carryOver(ledgerOf(world, audience))),
        close: async () => void deltas.delete(audience),
      }
    },
    keep: async () => undefined,
    discard: async () => undefined,
  }
}
