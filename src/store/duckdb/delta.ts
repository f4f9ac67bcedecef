import { invariant } from '../../model/invariant.ts'
import { type DeltaCounts, NOBODY_HELD, NOBODY_KEPT_OUT } from '../../model/membership.ts'
import type { Delta } from '../../ports.ts'
import type { Connection } from './connection.ts'
import { markUncounted } from './ledger-counts.ts'
import type { HeldLock } from './lock.ts'

/** Names of the temporary tables of one open delta. */
export interface DeltaTables {
  readonly wanted: string
  readonly diff: string
  readonly adds: string
  readonly removes: string
}

export interface DeltaOptions {
  readonly connection: Connection
  readonly held: Pick<HeldLock, 'transact'>
  readonly audience: string
  /** Unique in the process: temporary tables are named after it. */
  readonly number: number
  readonly onOpen: (tables: DeltaTables) => void
  readonly onClose: () => void
}

/** The tables of the delta with this number. */
export const nameTables = (number: number): DeltaTables => ({
  wanted: `wanted_${number}`,
  diff: `diff_${number}`,
  adds: `adds_${number}`,
  removes: `removes_${number}`,
})

/** Compares the wanted table, which is there already, with the ledger. */
export const openDelta = async (options: DeltaOptions, people: number, reassert: boolean): Promise<Delta> => {
  const tables = nameTables(options.number)
  await compare(options, tables, reassert)
  options.onOpen(tables)
  return wrapDelta(options, tables, { people, counts: await countDelta(options, tables) })
}

/** Ledger rows that nothing is open about. A batch without an answer may or may not have been taken. */
const CERTAIN = `
  SELECT person, identifier FROM ledger
  ANTI JOIN (SELECT identifier FROM unsettled WHERE audience = $audience) USING (identifier)
  WHERE audience = $audience`

/**
 * One full join of (person, identifier) pairs finds who enters and who leaves. The identifiers to send follow from
 * it: two people may carry the same one, and it leaves the cohort only with the last of them. Rows of `diff` that the
 * ledger has already, but not with certainty, are `reopened`: they are sent, and not written a second time.
 */
const compare = async (options: DeltaOptions, tables: DeltaTables, reassert: boolean): Promise<void> => {
  const { connection, audience } = options
  const { wanted, diff, adds, removes } = tables
  await connection.run(
    `CREATE TEMP TABLE ${diff} AS
     SELECT coalesce(w.person, l.person) AS person,
            coalesce(w.identifier, l.identifier) AS identifier,
            CASE WHEN l.person IS NULL THEN 'entering' ELSE 'leaving' END AS side
     FROM ${wanted} w
     FULL JOIN (${CERTAIN}) l ON w.person = l.person AND w.identifier = l.identifier
     WHERE w.person IS NULL OR l.person IS NULL`,
    { audience },
  )
  await connection.run(
    `UPDATE ${diff} SET side = 'reopened'
     FROM ledger l
     WHERE ${diff}.side = 'entering' AND l.audience = $audience
       AND l.person = ${diff}.person AND l.identifier = ${diff}.identifier`,
    { audience },
  )
  await (reassert
    ? connection.run(numbered(adds, `SELECT DISTINCT identifier FROM ${wanted}`))
    : connection.run(
        numbered(
          adds,
          `SELECT DISTINCT identifier FROM ${diff} ANTI JOIN (${CERTAIN}) USING (identifier)
           WHERE side IN ('entering', 'reopened')`,
        ),
        { audience },
      ))
  await connection.run(
    numbered(
      removes,
      `SELECT DISTINCT identifier FROM (
         SELECT identifier FROM ${diff} WHERE side = 'leaving'
         UNION ALL SELECT identifier FROM unsettled WHERE audience = $audience
       ) ANTI JOIN ${wanted} USING (identifier)`,
    ),
    { audience },
  )
}

const numbered = (table: string, query: string): string =>
  `CREATE TEMP TABLE ${table} AS
   SELECT (row_number() OVER (ORDER BY identifier))::INTEGER AS position, identifier FROM (${query})`

const countDelta = async (options: DeltaOptions, tables: DeltaTables): Promise<DeltaCounts> => {
  const [row] = await options.connection.readRows(
    `SELECT
       (SELECT count(DISTINCT identifier)::INTEGER FROM (
          SELECT identifier FROM ledger WHERE audience = $audience
          UNION ALL SELECT identifier FROM unsettled WHERE audience = $audience)) AS recorded,
       (SELECT count(DISTINCT identifier)::INTEGER FROM ${tables.wanted}) AS wanted,
       (SELECT count(*)::INTEGER FROM ${tables.adds}) AS adds,
       (SELECT count(*)::INTEGER FROM ${tables.removes}) AS removes`,
    { audience: options.audience },
  )
  invariant(row, 'a count query gives one row')
  return {
    recorded: Number(row.recorded),
    wanted: Number(row.wanted),
    adds: Number(row.adds),
    removes: Number(row.removes),
    again: 0,
    held: NOBODY_HELD,
    keptOut: NOBODY_KEPT_OUT,
  }
}

const wrapDelta = (
  options: DeltaOptions,
  tables: DeltaTables,
  found: Pick<Delta, 'counts' | 'people'>,
): Delta => ({
  ...found,
  readRows: async (list, after, limit) => {
    const [positions = [], identifiers = []] = await options.connection.readColumns(
      `SELECT position, identifier FROM ${list === 'add' ? tables.adds : tables.removes}
       WHERE position > ? ORDER BY position LIMIT ?`,
      [after, limit],
    )
    return positions.map((position, index) => ({
      position: Number(position),
      identifier: String(identifiers[index]),
    }))
  },
  sample: async () => [],
  noteLeavers: async () => undefined,
  carryOver: at => carryRowsOver(options, tables, at),
  close: async () => {
    for (const table of Object.values(tables)) await options.connection.run(`DROP TABLE IF EXISTS ${table}`)
    options.onClose()
  },
})

const carryRowsOver = ({ held, audience }: DeltaOptions, tables: DeltaTables, at: string): Promise<void> =>
  held.transact(async inner => {
    const carried = `side = 'entering' AND identifier IN (SELECT identifier FROM (${CERTAIN}))`
    await inner.run(
      `INSERT INTO ledger SELECT $audience, person, identifier, $at::TIMESTAMP FROM ${tables.diff} WHERE ${carried}`,
      { audience, at },
    )
    // Taken over now: a batch that sends the same identifier again must not bring the row a second time.
    await inner.run(`DELETE FROM ${tables.diff} WHERE ${carried}`, { audience })
    await inner.run(
      `DELETE FROM ledger USING ${tables.diff} d
       WHERE ledger.audience = ? AND d.side = 'leaving'
         AND ledger.person = d.person AND ledger.identifier = d.identifier
         AND d.identifier IN (SELECT identifier FROM ${tables.wanted})`,
      [audience],
    )
    await markUncounted(inner, new Set([audience]))
  })
