import { fail } from '../../model/failure.ts'
import type { Lock } from '../../model/recorded.ts'
import { describeHolder } from '../holder.ts'
import type { Cell, Reads, Row, Statements } from './statements.ts'

/** Who holds the store, or held it last and never let go. */
export const readLock = async (inner: Reads): Promise<Lock | undefined> => {
  const [row] = await inner.readRows('SELECT * FROM locks')
  return row && toLock(row)
}

/** Takes the lock away, whoever holds it. */
export const dropLock = async (inner: Statements): Promise<void> =>
  void (await inner.run('DELETE FROM locks'))

/**
 * Removes the lock of a run, and answers whose it was. Only the one with exactly that id, in one statement: what was looked
 * up a moment ago may have been replaced since.
 */
export const removeLock = async (inner: Statements, name: string, lockId: string): Promise<Lock> => {
  const [removed] = await inner.readRows('DELETE FROM locks WHERE id = ? RETURNING *', [lockId])
  if (removed) return toLock(removed)
  const lock = (await readLock(inner)) ?? refuseNoLock(name)
  return fail({
    origin: 'store',
    code: 'store/other-lock',
    detail: `"${name}" is locked under ${lock.id}, by ${describeHolder(lock)}.`,
    hint: `if that run has ended, muster state unlock ${lock.id}`,
    retryable: false,
  })
}

/** Nobody holds the store. */
export const refuseNoLock = (name: string): never =>
  fail({
    origin: 'store',
    code: 'store/no-such-lock',
    detail: `Nobody has a lock on "${name}".`,
    hint: 'nothing is to be done: the next command can write',
    retryable: false,
  })

/** Refuses to write for who no longer holds the store. */
export const refuseFenced = async (inner: Reads): Promise<never> => {
  const held = await readLock(inner)
  return fail({
    origin: 'store',
    code: 'store/fenced',
    detail: `The store was taken over${held ? ` by ${describeHolder(held)}` : ', or its lock was removed'}. Nothing more is written.`,
    hint: 'wait for the other muster to finish, then run the same command again',
    retryable: false,
  })
}

/** A row of the table of locks as the rest of the house knows it. */
export const toLock = (row: Row): Lock => ({
  id: String(row.id),
  fence: Number(row.fence),
  owner: String(row.owner),
  command: String(row.command),
  runId: String(row.run_id),
  ...(row.run_url === null ? {} : { runUrl: String(row.run_url) }),
  acquiredAt: toInstant(row.acquired_at),
  expiresAt: toInstant(row.expires_at),
})

/** A moment as the rest of the house writes it. */
export const toInstant = (cell: Cell | undefined): string =>
  cell instanceof Date ? cell.toISOString() : String(cell)
