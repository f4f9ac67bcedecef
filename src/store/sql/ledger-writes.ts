import { unreachable } from '../../model/invariant.ts'
import type { StoreWrite } from '../../model/store-write.ts'
import { acceptBatch, chooseIdentifiers, type OpenDeltas } from './batch-writes.ts'
import { enterRows } from './ledger-rows.ts'
import type { OpenDelta } from './open-delta.ts'
import { closeAttempts, doubtAll, type Identifiers, openAttempts, withdrawAttempts } from './open-outcomes.ts'
import type { NamedValues, Statements } from './statements.ts'

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
      await (write.is === 'open' ? openAttempts : withdrawAttempts)(inner, write, oneOf(write.identifier))
      return
    case 'unsettled-batch': {
      const direction = write.list === 'remove' ? 'remove' : 'add'
      const attempt = { audience: write.audience, direction, at: write.at } as const
      const identifiers = chooseIdentifiers(write, deltas)
      await (write.is === 'open' ? openAttempts : withdrawAttempts)(inner, attempt, identifiers)
      return
    }
    case 'doubt-all':
      await doubtAll(inner, write.audience)
      return
    case 'synced':
      return markSynced(inner, write)
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
  query: 'SELECT $identifier AS identifier',
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
  await inner.run(
    `UPDATE ledger SET leaving_since = NULL WHERE ${isRow} AND identifier = $identifier AND leaving_since IS NOT NULL`,
    values,
  )
  const others = await inner.readRows(
    'SELECT 1 FROM ledger WHERE audience = $audience AND identifier = $identifier LIMIT 1',
    values,
  )
  const delta = deltas.get(audience)
  const pairs = await enterRows(
    inner,
    `SELECT $person AS person, $identifier AS identifier, min(entered_at) AS entered_at,
            count(*) > 0 OR ${delta !== undefined} AS is_second
     FROM ledger WHERE ${isRow}
     HAVING count(*) FILTER (WHERE identifier = $identifier) = 0`,
    values,
  )
  await inner.engine.changeSize(inner, audience, { pairs, members: others.length === 0 ? pairs : 0 })
  await closeAttempts(inner, audience, oneOf(member.identifier))
  if (delta) await tellDelta(inner, delta, values)
}

const tellDelta = async (
  inner: Statements,
  { tables, sizes }: OpenDelta,
  values: NamedValues,
): Promise<void> => {
  const isPair = 'person = $person AND identifier = $identifier'
  if (sizes.adds > 0) {
    await inner.run(`UPDATE ${tables.adds} SET is_new = false WHERE identifier = $identifier`, values)
    await inner.run(`UPDATE ${tables.adds} SET person = NULL WHERE ${isPair}`, values)
  }
  if (sizes.carried > 0) await inner.run(`DELETE FROM ${tables.carried} WHERE ${isPair}`, values)
  if (sizes.removes > 0) {
    await inner.run(`UPDATE ${tables.removes} SET is_only = false WHERE person = $person`, values)
    await inner.run(
      `UPDATE ${tables.removes} SET person = $person, is_only = false WHERE identifier = $identifier AND person IS NULL`,
      values,
    )
  }
}

const markSynced = async (inner: Statements, { audience, at }: WriteOf<'synced'>): Promise<void> => {
  await inner.run('DELETE FROM synced WHERE audience = ?', [audience])
  if (at !== undefined) await inner.run('INSERT INTO synced VALUES (?, ?)', [audience, at])
}

/** The later of two rejections counts, whichever was written last. */
const reject = async (
  inner: Statements,
  { audience, identifier, at }: WriteOf<'rejected'>,
): Promise<void> => {
  const values = { audience, identifier, at }
  const isRow = 'audience = $audience AND identifier = $identifier'
  await inner.run(`DELETE FROM rejected WHERE ${isRow} AND rejected_at <= $at::${inner.engine.time}`, values)
  await inner.run(
    `INSERT INTO rejected (audience, identifier, rejected_at)
     SELECT $audience, $identifier, $at::${inner.engine.time} WHERE NOT EXISTS (SELECT 1 FROM rejected WHERE ${isRow})`,
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
