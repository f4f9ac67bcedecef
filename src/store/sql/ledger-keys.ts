import { invariant, unreachable } from '../../model/invariant.ts'
import type { StoreWrite } from '../../model/store-write.ts'
import type { Statements } from './statements.ts'

type KeyWrite = Extract<StoreWrite, { kind: 'move-ledger' | 'drop-ledger' | 'copy-barred' | 'carry-times' }>

/** Everything that is kept under a ledger key. */
const TABLES = [
  'ledger',
  'unsettled',
  'departures',
  'rejected',
  'assertions',
  'synced',
  'ledger_counts',
] as const

/** Moves, copies or forgets what is kept under a ledger key, inside a transaction that the caller opened. */
export const applyKeyWrite = async (inner: Statements, write: KeyWrite): Promise<void> => {
  switch (write.kind) {
    case 'move-ledger':
      // A key may have had members once.
      await inner.run('DELETE FROM ledger_counts WHERE audience = ? AND members = 0', [write.to])
      for (const table of TABLES) await moveRows(inner, table, write)
      return
    case 'drop-ledger':
      for (const table of TABLES) await inner.run(`DELETE FROM ${table} WHERE audience = ?`, [write.audience])
      return
    case 'copy-barred':
      await copyRows(inner, { table: 'departures', name: 'person', moment: 'removed_at' }, write)
      await copyRows(inner, { table: 'rejected', name: 'identifier', moment: 'rejected_at' }, write)
      return
    case 'carry-times':
      return carryTimes(inner, write)
    default:
      return unreachable(write)
  }
}

type WriteOf<Kind extends KeyWrite['kind']> = Extract<KeyWrite, { kind: Kind }>

/** Two ledgers in one would take the members of both for the members of either. */
const moveRows = async (
  inner: Statements,
  table: (typeof TABLES)[number],
  { from, to }: WriteOf<'move-ledger'>,
): Promise<void> => {
  const there = await inner.readRows(`SELECT 1 FROM ${table} WHERE audience = ? LIMIT 1`, [to])
  invariant(there.length === 0, `the ledger of ${to} is not empty`)
  await inner.run(`UPDATE ${table} SET audience = ? WHERE audience = ?`, [to, from])
}

/** A table of what keeps somebody out, by whom or what it is about and since when. */
interface Bars {
  readonly table: 'departures' | 'rejected'
  readonly name: string
  readonly moment: string
}

/** What is there already and is not older stays as it is, so that copying twice is copying once. */
const copyRows = async (
  inner: Statements,
  { table, name, moment }: Bars,
  { from, to }: WriteOf<'copy-barred'>,
): Promise<void> => {
  const latest = (key: string): string =>
    `(SELECT ${name}, max(${moment}) AS latest FROM ${table} WHERE audience = ${key} GROUP BY ${name})`
  await inner.run(
    `INSERT INTO ${table} (audience, ${name}, ${moment})
     SELECT $to, f.${name}, f.latest FROM ${latest('$from')} f LEFT JOIN ${latest('$to')} t USING (${name})
     WHERE t.latest IS NULL OR t.latest < f.latest`,
    { from, to },
  )
}

/** A stay that began under the former key goes on: its clocks are those of a person, not of a cohort's name. */
const carryTimes = async (inner: Statements, { from, to }: WriteOf<'carry-times'>): Promise<void> => {
  await inner.run(
    `UPDATE ledger l
     SET entered_at = least(l.entered_at, f.entered_at),
         leaving_since = coalesce(f.leaving_since, l.leaving_since)
     FROM (
       SELECT person, min(entered_at) AS entered_at, min(leaving_since) AS leaving_since
       FROM ledger WHERE audience = $from GROUP BY person
     ) f
     WHERE l.audience = $to AND l.person = f.person`,
    { from, to },
  )
}
