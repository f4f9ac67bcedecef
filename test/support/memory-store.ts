import { FailureError } from '../../src/model/failure.ts'
import { EMPTY_STATE, type Lock, type RecordedState } from '../../src/model/recorded.ts'
import type { StoreWrite } from '../../src/model/store-write.ts'
import type { Clock, Overlap, StateReader, Store } from '../../src/ports.ts'
import { compareBytes, type MemoryDelta } from './memory-delta.ts'
import type { MemoryLedger, Undo } from './memory-ledger.ts'
import { openMemorySpool } from './memory-spool.ts'
import { applyWrite, type MemoryWorld } from './memory-writes.ts'

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
   * committed stays. `carryOver` and `noteLeavers` are transactions too.
   */
  crashAt(transaction: number, when: 'before' | 'after'): void
  /** Transactions so far. */
  readonly transactions: number
}

interface World extends MemoryWorld {
  readonly storeId: string
  head: number
  fence: number
  lock?: Lock
  isOpen: boolean
  transactions: number
  crash?: { readonly at: number; readonly when: 'before' | 'after' }
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
    spools: new Map(),
    evidence: new Map(),
    allowances: new Map(),
    journal: [],
    runs: [],
    counts: new Map(),
    alerts: new Map(),
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
  members: mapLedgers(world, ({ size }) => (size > 0 ? size : undefined)),
  synced: mapLedgers(world, ({ marks }) => marks.get('synced')),
  asserted: mapLedgers(world, ({ assertions }) => {
    const { through, ...assertion } = assertions.get('latest') ?? {}
    return assertions.size > 0 ? assertion : undefined
  }),
  evidence: new Map(world.evidence),
  allowances: new Map(world.allowances),
  ...(world.lock ? { lock: world.lock } : {}),
})

/** One value of each ledger that has it. */
const mapLedgers = <T>(
  { ledgers }: World,
  read: (ledger: MemoryLedger) => T | undefined,
): ReadonlyMap<string, T> => {
  const values = new Map<string, T>()
  for (const [key, ledger] of ledgers) {
    const value = read(ledger)
    if (value !== undefined) values.set(key, value)
  }
  return values
}

const countOverlaps = ({ ledgers }: World): readonly Overlap[] => {
  const keys = [...ledgers.keys()].sort(compareBytes)
  const pairs = keys.flatMap((one, index) => keys.slice(index + 1).map(other => [one, other] as const))
  return pairs.flatMap(audiences => {
    const [one, other] = audiences.map(key => new Set(ledgers.get(key)?.people()))
    const people = [...(one ?? [])].filter(person => other?.has(person)).length
    return people > 0 ? [{ audiences, people }] : []
  })
}

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
    readRuns: async (limit, command) =>
      lastOf(
        world.runs.filter(run => command === undefined || run.command === command),
        limit,
      ),
    readCounts: async (audience, limit) =>
      lastOf(
        [...world.counts.values()].filter(count => count.audience === audience),
        limit,
      ),
    readAlerts: async () => new Map(world.alerts),
    commit: async writes =>
      transact(undo => {
        for (const write of writes) applyWrite(world, write, deltas, undo)
        if (!writes.some(raisesHead)) return
        world.head += 1
      }),
    readOverlaps: async () => countOverlaps(world),
    openSpool: async (audience, { resumeKey } = {}) => {
      alive()
      const now = (): string => terms.clock.now()
      return openMemorySpool({ world, audience, resumeKey, deltas, transact, alive, now })
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
