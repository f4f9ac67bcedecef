import { invariant, unreachable } from '../../model/invariant.ts'
import type { DeltaRange, StoreWrite } from '../../ports.ts'
import type { Statements } from './connection.ts'
import type { DeltaTables } from './spool.ts'

type LedgerWrite = Extract<
  StoreWrite,
  { kind: 'member' | 'unsettled' | 'synced' | 'unsettled-batch' | 'batch' }
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
      for (const identifier of write.identifiers) await markOne(inner, write.audience, identifier, write.is)
      return
    case 'synced':
      return write.at === undefined
        ? inner.run('DELETE FROM synced WHERE audience = ?', [write.audience])
        : inner.run('INSERT OR REPLACE INTO synced VALUES (?, ?)', [write.audience, write.at])
    case 'unsettled-batch': {
      const chosen = chooseRows(write, openDeltas)
      return write.is === 'open'
        ? openOutcome(inner, write.audience, chosen)
        : settleOutcome(inner, write.audience, chosen)
    }
    case 'batch': {
      const chosen = chooseRows(write, openDeltas)
      await (write.direction === 'add'
        ? takeIn(inner, write.audience, write.at, chosen)
        : takeOut(inner, write.audience, chosen))
      return settleOutcome(inner, write.audience, chosen)
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
  await markOne(inner, audience, member.identifier, 'settled')
}

const markOne = (
  inner: Statements,
  audience: string,
  identifier: string,
  is: 'open' | 'settled',
): Promise<void> =>
  inner.run(
    is === 'open'
      ? 'INSERT INTO unsettled VALUES (?, ?)'
      : 'DELETE FROM unsettled WHERE audience = ? AND identifier = ?',
    [audience, identifier],
  )

/** The rows of one batch: its tables, and a query for its identifiers that takes two positions. */
interface ChosenRows {
  readonly diff: string
  readonly identifiers: string
  readonly positions: readonly [from: number, to: number]
}

const chooseRows = (range: DeltaRange, openDeltas: ReadonlyMap<string, DeltaTables>): ChosenRows => {
  const tables = openDeltas.get(range.audience)
  invariant(tables, `no open delta for ${range.audience}`)
  const table = range.direction === 'add' ? tables.adds : tables.removes
  return {
    diff: tables.diff,
    identifiers: `SELECT identifier FROM ${table} WHERE position BETWEEN ? AND ?`,
    positions: [range.from, range.to],
  }
}

const openOutcome = (
  inner: Statements,
  audience: string,
  { identifiers, positions }: ChosenRows,
): Promise<void> =>
  inner.run(`INSERT INTO unsettled SELECT ?, identifier FROM (${identifiers})`, [audience, ...positions])

const settleOutcome = (
  inner: Statements,
  audience: string,
  { identifiers, positions }: ChosenRows,
): Promise<void> =>
  inner.run(`DELETE FROM unsettled WHERE audience = ? AND identifier IN (${identifiers})`, [
    audience,
    ...positions,
  ])

const takeIn = (inner: Statements, audience: string, at: string, chosen: ChosenRows): Promise<void> =>
  inner.run(
    `INSERT INTO ledger
     SELECT ?, person, identifier, ?::TIMESTAMP FROM ${chosen.diff}
     WHERE side = 'entering' AND identifier IN (${chosen.identifiers})`,
    [audience, at, ...chosen.positions],
  )

const takeOut = (
  inner: Statements,
  audience: string,
  { identifiers, positions }: ChosenRows,
): Promise<void> =>
  inner.run(`DELETE FROM ledger WHERE audience = ? AND identifier IN (${identifiers})`, [
    audience,
    ...positions,
  ])
