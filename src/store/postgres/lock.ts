import { fail, failureOf } from '../../model/failure.ts'
import { invariant } from '../../model/invariant.ts'
import type { Lock } from '../../model/recorded.ts'
import { MINUTE_MS } from '../../model/time.ts'
import type { Clock } from '../../ports.ts'
import { describeHolder, type Holder } from '../holder.ts'
import { dropLock, readLock, refuseFenced, toInstant, toLock } from '../sql/lock-row.ts'
import type { Reads, Statements } from '../sql/statements.ts'
import type { Connection } from './connection.ts'

/** How long after it was last heard of a holder is still believed to be alive. By the server's clock: it is one for all. */
const LEASE_MS = 10 * MINUTE_MS

/** How long one waits for a holder that is just leaving, or for the server to notice that one is gone. */
const BUSY_TRIES = 8
const BUSY_WAIT_MS = 250

/** On which terms a lock is taken. */
export interface LockTerms {
  readonly holder: Holder
  readonly createId: () => string
  /** The store in words. */
  readonly name: string
  readonly schema: string
  readonly clock: Pick<Clock, 'sleep'>
}

/** A lock in hand. */
export interface HeldLock {
  /** As it is now: every transaction moves its end. */
  readonly lock: Lock
  readonly tookOverFrom?: Lock
  /** Runs `work` in one transaction, refused with `store/fenced` when somebody else holds the store by now. */
  transact<T>(work: (inner: Statements) => Promise<T>): Promise<T>
  /** False when somebody else holds the store by now: it is theirs. `last` is done while it is still ours. */
  release(last: () => Promise<void>): Promise<boolean>
}

/**
 * Takes the lock of a store. One that is there is a leftover when the session that took it has ended, however long its
 * lease would run, or when its lease has run out, whoever may still believe to hold it: the database refuses what they
 * write. Anybody else's is refused with `store/busy`.
 */
export const takeLock = async (connection: Connection, terms: LockTerms): Promise<HeldLock> => {
  const taken = await takeWhenFree(connection, terms)
  let { lock } = taken
  return {
    get lock() {
      return lock
    },
    ...(taken.tookOverFrom ? { tookOverFrom: taken.tookOverFrom } : {}),
    transact: async work => {
      const done = await connection.transact(async inner => {
        const expiresAt = await extend(inner, lock)
        return { result: await work(inner), expiresAt }
      })
      lock = { ...lock, expiresAt: done.expiresAt }
      return done.result
    },
    release: last =>
      connection.transact(async inner => {
        const { id, fence } = lock
        const released = await inner.run('DELETE FROM locks WHERE id = ? AND fence = ?', [id, fence])
        if (released === 0) return false
        await last()
        return true
      }),
  }
}

/** Refuses with `store/busy` while anybody's lock is alive. Nobody takes it before the transaction ends. */
export const refuseHeld = async (inner: Reads, place: Pick<LockTerms, 'name' | 'schema'>): Promise<void> => {
  await inner.readRows('SELECT value FROM fence FOR UPDATE')
  const held = await readLock(inner)
  if (held) await refuseBusy(inner, held, place)
}

type TakenLock = Pick<HeldLock, 'lock' | 'tookOverFrom'>

const takeWhenFree = async (connection: Connection, terms: LockTerms): Promise<TakenLock> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await connection.transact(inner => takeOver(inner, terms))
    } catch (error) {
      if (failureOf(error)?.code !== 'store/busy' || attempt >= BUSY_TRIES) throw error
      await terms.clock.sleep(BUSY_WAIT_MS)
    }
  }
}

const takeOver = async (inner: Statements, terms: LockTerms): Promise<TakenLock> => {
  // Whoever comes at the same time waits here until we are through.
  const [row] = await inner.readRows('UPDATE fence SET value = value + 1 RETURNING value')
  invariant(row, 'a store has a fence')
  const tookOverFrom = await readLock(inner)
  if (tookOverFrom) await refuseBusy(inner, tookOverFrom, terms)
  const { owner, command, runId, runUrl = null } = terms.holder
  const values = { id: terms.createId(), fence: Number(row.value), owner, command, runId, runUrl, ...LEASE }
  await dropLock(inner)
  const [written] = await inner.readRows(
    `INSERT INTO locks (id, fence, owner, command, run_id, run_url, acquired_at, expires_at)
     VALUES ($id, $fence, $owner, $command, $runId, $runUrl, ${NOW}, ${END_OF_LEASE}) RETURNING *`,
    values,
  )
  invariant(written, 'a lock that was written is there')
  // Held by the session, not by the transaction: the server lets go of it when we are gone.
  await inner.readRows(`SELECT pg_advisory_lock(${KEY})`, { schema: terms.schema, fence: values.fence })
  return { lock: toLock(written), ...(tookOverFrom ? { tookOverFrom } : {}) }
}

const NOW = "date_trunc('milliseconds', now())"
const LEASE = { leaseMs: LEASE_MS }
const END_OF_LEASE = `${NOW} + $leaseMs * interval '1 millisecond'`

/** What the session of a holder keeps as long as it lives. Each holder has another, so that nobody waits for one. */
const KEY = 'hashtext($schema), $fence::integer'

const refuseBusy = async (
  inner: Reads,
  held: Lock,
  { name, schema }: Pick<LockTerms, 'name' | 'schema'>,
): Promise<void> => {
  const [found] = await inner.readRows(
    `SELECT pg_try_advisory_xact_lock(${KEY}) AS is_left,
            (SELECT expires_at <= now() FROM locks LIMIT 1) AS has_run_out`,
    { schema, fence: held.fence },
  )
  if (found?.is_left === true || found?.has_run_out === true) return
  fail({
    origin: 'store',
    code: 'store/busy',
    detail: `"${name}" is in use. It is held by ${describeHolder(held)}.`,
    hint: 'wait for the other muster to finish, then run the same command again',
    retryable: true,
  })
}

/** The first statement of every transaction that writes: its row stays locked until the end, so nobody takes over in between. */
const extend = async (inner: Statements, { id, fence }: Lock): Promise<string> => {
  const [row] = await inner.readRows(
    `UPDATE locks SET expires_at = ${END_OF_LEASE} WHERE id = $id AND fence = $fence RETURNING expires_at`,
    { id, fence, ...LEASE },
  )
  return row ? toInstant(row.expires_at) : refuseFenced(inner)
}
