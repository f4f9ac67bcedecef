import { invariant } from '../../model/invariant.ts'
import type { DeltaRange, StoreWrite } from '../../model/store-write.ts'
import { enterRows } from './ledger-rows.ts'
import { type OpenDelta, TABLE } from './open-delta.ts'
import { closeAttempts, type Identifiers } from './open-outcomes.ts'
import { lacks } from './presence.ts'
import { hasReentryBar } from './rule-sql.ts'
import type { NamedValues, Statements } from './statements.ts'

type BatchWrite = Extract<StoreWrite, { kind: 'batch' }>

/** An accepted batch, as its statements name it. */
interface Accepted extends NamedValues {
  readonly audience: string
  readonly at: string
  readonly from: number
  readonly to: number
}

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
  query: `SELECT DISTINCT identifier FROM ${findDelta(deltas, audience).tables[TABLE[list]]} l WHERE ${RANGE}`,
  values: { from, to },
})

const RANGE = 'position BETWEEN $from AND $to'

const findDelta = (deltas: OpenDeltas, audience: string): OpenDelta => {
  const delta = deltas.get(audience)
  invariant(delta, `no open delta for ${audience}`)
  return delta
}

const takeIn = async (inner: Statements, delta: OpenDelta, accepted: Accepted): Promise<void> => {
  if (delta.sizes.adds === 0) return
  const rows = `FROM ${delta.tables.adds} r WHERE ${RANGE} AND ${isUntaken(delta, 'add')} AND person IS NOT NULL`
  const pairs = await enterRows(inner, `SELECT person, identifier, entered_at, is_second ${rows}`, accepted)
  const members = await count(inner, `SELECT count(DISTINCT position) AS count ${rows} AND is_new`, accepted)
  await inner.engine.changeSize(inner, accepted.audience, { pairs, members })
  await markTaken(inner, delta, 'add', accepted)
}

const takeOut = async (inner: Statements, delta: OpenDelta, accepted: Accepted): Promise<void> => {
  if (delta.sizes.removes === 0) return
  const { removes } = delta.tables
  const rows = `FROM ${removes} r WHERE ${RANGE} AND ${isUntaken(delta, 'remove')} AND person IS NOT NULL`
  const members = await count(inner, `SELECT count(DISTINCT position) AS count ${rows}`, accepted)
  const pairs = await inner.run(
    `DELETE FROM ledger l USING (SELECT DISTINCT identifier FROM ${removes} r WHERE ${RANGE}) r
     WHERE l.audience = $audience AND l.identifier = r.identifier`,
    accepted,
  )
  await inner.engine.changeSize(inner, accepted.audience, { pairs: -pairs, members: -members })
  if (hasReentryBar(delta.rules)) await noteDepartures(inner, delta, { rows, accepted })
  await markTaken(inner, delta, 'remove', accepted)
}

/** Whoever has no row any more, and gets none either. */
const noteDepartures = async (
  inner: Statements,
  { tables: { adds, carried } }: OpenDelta,
  { rows, accepted }: { readonly rows: string; readonly accepted: Accepted },
): Promise<void> => {
  // Most people have one row, and the ledger is not searched by person without need.
  const several = await inner.readRows(`SELECT 1 ${rows} AND NOT is_only LIMIT 1`, accepted)
  const left = `(
    SELECT person FROM ledger l
    WHERE audience = $audience AND person IN (SELECT person ${rows} AND NOT is_only)
  )`
  await inner.run(
    `INSERT INTO departures (audience, person, removed_at)
     SELECT DISTINCT $audience, person, $at::${inner.engine.time} ${rows}
       AND ${lacks(adds, 'r', 'person')} AND ${lacks(carried, 'r', 'person')}
       ${several.length > 0 ? `AND ${lacks(left, 'r', 'person')}` : ''}`,
    accepted,
  )
}

/** A batch that is accepted twice changes the ledger once. */
const isUntaken = ({ nameOf }: OpenDelta, list: 'add' | 'remove'): string =>
  `NOT EXISTS (SELECT 1 FROM ${nameOf('taken')} t
               WHERE t.list = '${list}' AND t.low <= $to AND t.high >= $from AND r.position BETWEEN t.low AND t.high)`

const markTaken = async (
  inner: Statements,
  { nameOf }: OpenDelta,
  list: 'add' | 'remove',
  { from, to }: Accepted,
): Promise<void> =>
  void (await inner.run(`INSERT INTO ${nameOf('taken')} VALUES (?, ?, ?)`, [list, from, to]))

/** An assertion under way goes on after the last identifier of the batch. */
const markThrough = async (
  inner: Statements,
  { tables: { again } }: OpenDelta,
  accepted: Accepted,
): Promise<void> =>
  void (await inner.run(
    `UPDATE assertions SET through = coalesce((SELECT max(identifier) FROM ${again} r WHERE ${RANGE}), through)
     WHERE audience = $audience AND started_at IS NOT NULL`,
    accepted,
  ))

const count = async (inner: Statements, query: string, values: NamedValues): Promise<number> => {
  const [row] = await inner.readRows(query, values)
  return Number(row?.count)
}
