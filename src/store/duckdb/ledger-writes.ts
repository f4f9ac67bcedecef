import { invariant, unreachable } from '../../model/invariant.ts'
import type { DeltaRange, StoreWrite } from '../../ports.ts'
import type { Statements } from './connection.ts'
import type { DeltaTables } from './delta.ts'

type LedgerWrite = Extract<
  StoreWrite,
  { kind: 'member' | 'unsettled' | 'doubt-all' | 'synced' | 'unsettled-batch' | 'batch' }
>

/** Applies one write to ledger, open outcomes or sync marks, inside a transaction that the caller opened. */
export const applyLedgerWrite = async (
  inner: Statements,
  write: LedgerWrite,
  openDeltas: ReadonlyMap<string, DeltaTables>,
): Promise<void> => {
  switch (write.kind) {
    case 'member':
      return takeMember(inner, write)
    case 'unsettled':
      return write.is === 'open'
        ? inner.run('INSERT INTO unsettled VALUES (?, ?)', [write.audience, write.identifier])
        : withdraw(inner, write.audience, { query: 'SELECT ?', values: [write.identifier] })
    case 'doubt-all':
      return inner.run(
        'INSERT INTO unsettled SELECT DISTINCT audience, identifier FROM ledger WHERE audience = ?',
        [write.audience],
      )
    case 'synced':
      return write.at === undefined
        ? inner.run('DELETE FROM synced WHERE audience = ?', [write.audience])
        : inner.run('INSERT OR REPLACE INTO synced VALUES (?, ?)', [write.audience, write.at])
    case 'unsettled-batch': {
      const { identifiers } = chooseRows(write, openDeltas)
      return write.is === 'open'
        ? inner.run(`INSERT INTO unsettled SELECT ?, * FROM (${identifiers.query})`, [
            write.audience,
            ...identifiers.values,
          ])
        : withdraw(inner, write.audience, identifiers)
    }
    case 'batch': {
      const chosen = chooseRows(write, openDeltas)
      await (write.list === 'add' ? takeIn(inner, write, chosen) : takeOut(inner, write, chosen))
      return closeAll(inner, write.audience, chosen.identifiers)
    }
    default:
      return unreachable(write)
  }
}

type MemberWrite = Extract<StoreWrite, { kind: 'member' }>

const takeMember = async (inner: Statements, { audience, member, at }: MemberWrite): Promise<void> => {
  await inner.run(
    `INSERT INTO ledger SELECT $audience, $person, $identifier, $at::TIMESTAMP
     WHERE NOT EXISTS (
       FROM ledger WHERE audience = $audience AND person = $person AND identifier = $identifier
     )`,
    { audience, person: member.person, identifier: member.identifier, at },
  )
  await closeAll(inner, audience, { query: 'SELECT ?', values: [member.identifier] })
}

/** A query that gives identifiers, with its parameters by position. */
interface Identifiers {
  readonly query: string
  readonly values: readonly (string | number)[]
}

/** An acceptance answers every open attempt. */
const closeAll = (inner: Statements, audience: string, { query, values }: Identifiers): Promise<void> =>
  inner.run(`DELETE FROM unsettled WHERE audience = ? AND identifier IN (${query})`, [audience, ...values])

/** A refusal answers the newest attempt only: an older one may have been taken. */
const withdraw = (inner: Statements, audience: string, { query, values }: Identifiers): Promise<void> =>
  inner.run(
    `DELETE FROM unsettled WHERE rowid IN (
       SELECT max(rowid) FROM unsettled WHERE audience = ? AND identifier IN (${query}) GROUP BY identifier
     )`,
    [audience, ...values],
  )

interface ChosenRows {
  readonly diff: string
  readonly identifiers: Identifiers
}

const chooseRows = (range: DeltaRange, openDeltas: ReadonlyMap<string, DeltaTables>): ChosenRows => {
  const tables = openDeltas.get(range.audience)
  invariant(tables, `no open delta for ${range.audience}`)
  const table = range.list === 'add' ? tables.adds : tables.removes
  const query = `SELECT identifier FROM ${table} WHERE position BETWEEN ? AND ?`
  return { diff: tables.diff, identifiers: { query, values: [range.from, range.to] } }
}

type BatchWrite = Extract<StoreWrite, { kind: 'batch' }>

const takeIn = (
  inner: Statements,
  { audience, at }: BatchWrite,
  { diff, identifiers }: ChosenRows,
): Promise<void> =>
  inner.run(
    `INSERT INTO ledger
     SELECT ?, person, identifier, ?::TIMESTAMP FROM ${diff}
     WHERE side = 'entering' AND identifier IN (${identifiers.query})`,
    [audience, at, ...identifiers.values],
  )

const takeOut = (inner: Statements, { audience }: BatchWrite, { identifiers }: ChosenRows): Promise<void> =>
  inner.run(`DELETE FROM ledger WHERE audience = ? AND identifier IN (${identifiers.query})`, [
    audience,
    ...identifiers.values,
  ])
