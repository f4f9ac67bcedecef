import { unreachable } from '../../model/invariant.ts'
import type { StoreWrite } from '../../model/store-write.ts'
import { acceptBatch, chooseIdentifiers, type OpenDeltas } from './batch-writes.ts'
import type { NamedValues } from './bind.ts'
import type { Statements } from './connection.ts'
import type { OpenDelta } from './delta.ts'
import { markUncounted } from './ledger-counts.ts'
import { enterRows, runBound } from './ledger-rows.ts'
import { closeAttempts, doubtAll, type Identifiers, openAttempts, withdrawAttempts } from './open-outcomes.ts'

type LedgerWrite = Extract<
  StoreWrite,
  {
    kind:
      | 'member'
      | 'unsettled'
      | 'doubt-all'
      | 'synced'
      | 'unsettled-batch'
      | 'batch'
      | 'rejected'
      | 'assertion'
  }
>

/** Applies one write to what is kept under a ledger key, inside a transaction that the caller opened. */
export const applyLedgerWrite = async (
  inner: Statements,
  write: LedgerWrite,
  deltas: OpenDeltas,
): Promise<void> => {
  switch (write.kind) {
    case 'member':
      return takeMember(inner, write, deltas)
    case 'unsettled':
      return (write.is === 'open' ? openAttempts : withdrawAttempts)(inner, write, oneOf(write.identifier))
    case 'unsettled-batch': {
      const direction = write.list === 'remove' ? 'remove' : 'add'
      const attempt = { audience: write.audience, direction, at: write.at } as const
      const identifiers = chooseIdentifiers(write, deltas)
      return (write.is === 'open' ? openAttempts : withdrawAttempts)(inner, attempt, identifiers)
    }
    case 'doubt-all':
      return doubtAll(inner, write.audience)
    case 'synced':
      return write.at === undefined
        ? inner.run('DELETE FROM synced WHERE audience = ?', [write.audience])
        : inner.run('INSERT OR REPLACE INTO synced VALUES (?, ?)', [write.audience, write.at])
    case 'batch':
      return acceptBatch(inner, write, deltas)
    case 'rejected':
      return reject(inner, write)
    case 'assertion':
      return markAssertion(inner, write)
    default:
      return unreachable(write)
  }
}

type WriteOf<Kind extends LedgerWrite['kind']> = Extract<LedgerWrite, { kind: Kind }>

const oneOf = (identifier: string): Identifiers => ({
  query: 'SELECT $identifier::VARCHAR',
  values: { identifier },
})

/**
 * Whoever is accepted is in the source. A delta that is open has counted on another ledger: it must not bring the row
 * again, nor take its person for gone.
 */
const takeMember = async (
  inner: Statements,
  { audience, member, at }: WriteOf<'member'>,
  deltas: OpenDeltas,
): Promise<void> => {
  const values = { audience, at, person: member.person, identifier: member.identifier }
  const isRow = 'audience = $audience AND person = $person'
  await runBound(
    inner,
    `UPDATE ledger SET leaving_since = NULL WHERE ${isRow} AND identifier = $identifier AND leaving_since IS NOT NULL`,
    values,
  )
  const delta = deltas.get(audience)
  await enterRows(
    inner,
    `SELECT $person AS person, $identifier AS identifier, min(entered_at) AS entered_at,
            count(*) > 0 OR ${delta !== undefined} AS is_second
     FROM ledger WHERE ${isRow}
     HAVING count(*) FILTER (identifier = $identifier) = 0`,
    values,
  )
  await markUncounted(inner, audience)
  await closeAttempts(inner, audience, oneOf(member.identifier))
  if (delta) await tellDelta(inner, delta, values)
}

const tellDelta = async (
  inner: Statements,
  { tables, sizes }: OpenDelta,
  values: NamedValues,
): Promise<void> => {
  const isPair = 'person = $person AND identifier = $identifier'
  if (sizes.adds > 0)
    await runBound(inner, `UPDATE ${tables.adds} SET is_taken = true WHERE ${isPair}`, values)
  if (sizes.carried > 0) await runBound(inner, `DELETE FROM ${tables.carried} WHERE ${isPair}`, values)
  if (sizes.removes > 0)
    await runBound(inner, `UPDATE ${tables.removes} SET is_only = false WHERE person = $person`, values)
}

/** The later of two rejections counts, whichever was written last. */
const reject = async (
  inner: Statements,
  { audience, identifier, at }: WriteOf<'rejected'>,
): Promise<void> => {
  const values = { audience, identifier, at }
  const isRow = 'audience = $audience AND identifier = $identifier'
  await runBound(inner, `DELETE FROM rejected WHERE ${isRow} AND rejected_at <= $at::TIMESTAMP`, values)
  await runBound(
    inner,
    `INSERT INTO rejected (audience, identifier, rejected_at)
     SELECT $audience, $identifier, $at::TIMESTAMP WHERE NOT EXISTS (FROM rejected WHERE ${isRow})`,
    values,
  )
}

const markAssertion = async (
  inner: Statements,
  { audience, is, at, reason }: WriteOf<'assertion'>,
): Promise<void> => {
  const [before] = await inner.readRows('SELECT completed_at FROM assertions WHERE audience = ?', [audience])
  const completedBefore = typeof before?.completed_at === 'string' ? before.completed_at : null
  const [startedAt, completedAt] = is === 'begun' ? [at, completedBefore] : [null, at]
  await inner.run('DELETE FROM assertions WHERE audience = ?', [audience])
  await inner.run('INSERT INTO assertions (audience, started_at, completed_at, reason) VALUES (?, ?, ?, ?)', [
    audience,
    startedAt,
    completedAt,
    reason,
  ])
}
