import { invariant } from '../../model/invariant.ts'
import type { Lock } from '../../model/recorded.ts'
import { type Instant, MINUTE_MS } from '../../model/time.ts'
import type { Clock } from '../../ports.ts'
import type { Holder } from '../holder.ts'
import { dropLock, readLock, refuseFenced } from '../sql/lock-row.ts'
import type { Reads, Statements } from '../sql/statements.ts'
import type { Connection } from './connection.ts'

const LEASE_MS = 10 * MINUTE_MS

/** On which terms a lock is taken. */
export interface LockTerms {
  readonly holder: Holder
  readonly createId: () => string
  readonly clock: Pick<Clock, 'now'>
  /** How long after its last commit a holder is still believed to be alive. */
  readonly leaseMs?: number
}

/** A lock in hand. */
export interface HeldLock {
  /** As it is now: every transaction moves its end. */
  readonly lock: Lock
  readonly tookOverFrom?: Lock
  /** Runs `work` in one transaction, refused with `store/fenced` when somebody else holds the store by now. */
  transact<T>(work: (inner: Statements) => Promise<T>): Promise<T>
  /** False when somebody else holds the store by now: it is theirs. */
  release(): Promise<boolean>
}

/**
 * Takes the lock of an open store. One that is still there is a leftover: the engine's own lock on the file proves
 * that its process has ended, however long its lease would run.
 */
export const takeLock = async (connection: Connection, terms: LockTerms): Promise<HeldLock> => {
  const taken = await connection.transact(inner => takeOver(inner, terms))
  let { lock } = taken
  return {
    get lock() {
      return lock
    },
    ...(taken.tookOverFrom ? { tookOverFrom: taken.tookOverFrom } : {}),
    transact: async work => {
      const done = await connection.transact(async inner => {
        if (!(await isHeldBy(inner, lock))) await refuseFenced(inner)
        const result = await work(inner)
        return { result, expiresAt: await extend(inner, terms) }
      })
      lock = { ...lock, expiresAt: done.expiresAt }
      return done.result
    },
    release: () =>
      connection.transact(async inner => {
        if (!(await isHeldBy(inner, lock))) return false
        await dropLock(inner)
        return true
      }),
  }
}

const takeOver = async (
  inner: Statements,
  terms: LockTerms,
): Promise<Pick<HeldLock, 'lock' | 'tookOverFrom'>> => {
  const tookOverFrom = await readLock(inner)
  const [row] = await inner.readRows('UPDATE fence SET value = value + 1 RETURNING value')
  invariant(row, 'a store has a fence')
  const { owner, command, runId, runUrl } = terms.holder
  const lock: Lock = {
    id: terms.createId(),
    fence: Number(row.value),
    owner,
    command,
    runId,
    ...(runUrl === undefined ? {} : { runUrl }),
    acquiredAt: terms.clock.now(),
    expiresAt: endOfLease(terms),
  }
  await dropLock(inner)
  await inner.run('INSERT INTO locks VALUES (?, ?, ?, ?, ?, ?, ?, ?)', [
    lock.id,
    lock.fence,
    owner,
    command,
    runId,
    runUrl ?? null,
    lock.acquiredAt,
    lock.expiresAt,
  ])
  return { lock, ...(tookOverFrom ? { tookOverFrom } : {}) }
}

const endOfLease = ({ clock, leaseMs = LEASE_MS }: LockTerms): Instant =>
  new Date(Date.parse(clock.now()) + leaseMs).toISOString()

const extend = async (inner: Statements, terms: LockTerms): Promise<Instant> => {
  const expiresAt = endOfLease(terms)
  await inner.run('UPDATE locks SET expires_at = ?', [expiresAt])
  return expiresAt
}

const isHeldBy = async (inner: Reads, { id, fence }: Lock): Promise<boolean> => {
  const held = await readLock(inner)
  return held?.id === id && held.fence === fence
}
