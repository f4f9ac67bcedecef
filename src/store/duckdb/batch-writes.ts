import { invariant } from '../../model/invariant.ts'
import type { DeltaRange, StoreWrite } from '../../model/store-write.ts'
import type { NamedValues } from './bind.ts'
import type { Statements } from './connection.ts'
import { type OpenDelta, TABLE } from './delta.ts'
import { addToCount } from './ledger-counts.ts'
import { enterRows, runBound } from './ledger-rows.ts'
import { closeAttempts, type Identifiers } from './open-outcomes.ts'
import { hasReentryBar } from './rule-sql.ts'

type BatchWrite = Extract<StoreWrite, { kind: 'batch' }>

/** The open deltas, by the key of the ledger. */
export type OpenDeltas = ReadonlyMap<string, OpenDelta>

/** Takes an accepted batch over into the ledger, inside a transaction that the caller opened. */
export const acceptBatch = async (
  inner: Statements,
  write: BatchWrite,
  deltas: OpenDeltas,
): Promise<void> => {
  const { audience, list, at, from, to } = write
  const delta = findDelta(deltas, audience)
  const accepted = { audience, at, from, to }
  if (list === 'add') await takeIn(inner, delta, accepted)
  if (list === 'remove') await takeOut(inner, delta, accepted)
  if (list === 'again') await markThrough(inner, delta, accepted)
  await closeAttempts(inner, audience, chooseIdentifiers(write, deltas))
}

/** The identifiers of a range, as a query. */
export const chooseIdentifiers = (
  { audience, list, from, to }: DeltaRange,
  deltas: OpenDeltas,
): Identifiers => ({
  query: `SELECT DISTINCT identifier FROM ${findDelta(deltas, audience).tables[TABLE[list]]} WHERE ${RANGE}`,
  values: { from, to },
})

const RANGE = 'position BETWEEN $from AND $to'

const findDelta = (deltas: OpenDeltas, audience: string): OpenDelta => {
  const delta = deltas.get(audience)
  invariant(delta, `no open delta for ${audience}`)
  return delta
}

const takeIn = async (
  inner: Statements,
  { tables: { adds }, sizes }: OpenDelta,
  values: NamedValues,
): Promise<void> => {
  if (sizes.adds === 0) return
  const rows = `FROM ${adds} WHERE ${RANGE} AND NOT is_taken AND person IS NOT NULL`
  await enterRows(inner, `SELECT person, identifier, entered_at, is_second ${rows}`, values)
  await addToCount(inner, `SELECT count(DISTINCT position) ${rows} AND is_new`, values)
  await runBound(inner, `UPDATE ${adds} SET is_taken = true WHERE ${RANGE}`, values)
}

const takeOut = async (
  inner: Statements,
  { tables: { removes, adds, carried }, sizes, rules }: OpenDelta,
  values: NamedValues,
): Promise<void> => {
  if (sizes.removes === 0) return
  const rows = `FROM ${removes} WHERE ${RANGE} AND NOT is_taken AND person IS NOT NULL`
  await runBound(
    inner,
    `DELETE FROM ledger
     WHERE audience = $audience AND identifier IN (SELECT identifier FROM ${removes} WHERE ${RANGE})`,
    values,
  )
  if (hasReentryBar(rules)) {
    await runBound(
      inner,
      `INSERT INTO departures (audience, person, removed_at)
       SELECT DISTINCT $audience, person, $at::TIMESTAMP ${rows}
         AND person NOT IN (
           SELECT person FROM ledger
           WHERE audience = $audience AND person IN (SELECT person ${rows} AND NOT is_only)
         )
         AND person NOT IN (
           SELECT person FROM ${adds} WHERE person IS NOT NULL UNION ALL SELECT person FROM ${carried}
         )`,
      values,
    )
  }
  await addToCount(inner, `SELECT -count(DISTINCT position) ${rows}`, values)
  await runBound(inner, `UPDATE ${removes} SET is_taken = true WHERE ${RANGE}`, values)
}

/** An assertion under way goes on after the last identifier of the batch. */
const markThrough = (
  inner: Statements,
  { tables: { again } }: OpenDelta,
  values: NamedValues,
): Promise<void> =>
  runBound(
    inner,
    `UPDATE assertions SET through = coalesce(
       (SELECT max(identifier) FROM ${again} WHERE ${RANGE}), through
     ) WHERE audience = $audience AND started_at IS NOT NULL`,
    values,
  )
