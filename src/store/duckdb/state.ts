import type { Address, Attributes, ObjectKind } from '../../model/plan.ts'
import type { RecordedObject, RecordedState } from '../../model/recorded.ts'
import type { JournalEntry, RunRecord } from '../../ports.ts'
import type { Cell, Connection } from './connection.ts'

type Row = Record<string, Cell>

/** Reads the small state in one go. Works on a read-only connection too. */
export const readState = async (connection: Connection): Promise<RecordedState> => {
  const [head] = await connection.readRows('SELECT value FROM head')
  const objects = await connection.readRows('SELECT * FROM objects ORDER BY address')
  const tombstones = await connection.readRows('SELECT * FROM tombstones ORDER BY name')
  const members = await connection.readRows(
    'SELECT audience, count(DISTINCT identifier)::INTEGER AS members FROM ledger GROUP BY audience',
  )
  const synced = await connection.readRows('SELECT * FROM synced ORDER BY audience')
  return {
    head: Number(head?.value ?? 0),
    objects: new Map(objects.map(row => [row.address as Address, toObject(row)])),
    tombstones: new Map(
      tombstones.map(row => [
        String(row.name),
        { name: String(row.name), address: row.address as Address, retiredAt: String(row.retired_at) },
      ]),
    ),
    members: new Map(members.map(row => [String(row.audience), Number(row.members)])),
    synced: new Map(synced.map(row => [String(row.audience), String(row.completed_at)])),
  }
}

// The casts below are safe because only this module's neighbours write these columns, from the same types.
const toObject = (row: Row): RecordedObject => ({
  address: row.address as Address,
  kind: row.kind as ObjectKind,
  audience: String(row.audience),
  attributes: JSON.parse(String(row.attributes)) as Attributes,
  ...(row.remote_id === null ? {} : { remoteId: String(row.remote_id) }),
  status: row.status as RecordedObject['status'],
  recordedAt: String(row.recorded_at),
})

/** The last `limit` journal entries, oldest first. */
export const readJournal = async (connection: Connection, limit: number): Promise<JournalEntry[]> => {
  const rows = await connection.readRows('SELECT * FROM journal ORDER BY seq DESC LIMIT ?', [limit])
  return rows.reverse().map(row => ({
    runId: String(row.run_id),
    at: String(row.logged_at),
    address: row.address as Address,
    operation: String(row.operation),
    phase: row.phase as JournalEntry['phase'],
    ...(row.count === null ? {} : { count: Number(row.count) }),
    ...(row.detail === null ? {} : { detail: String(row.detail) }),
  }))
}

/** The last `limit` runs, oldest first. */
export const readRuns = async (connection: Connection, limit: number): Promise<RunRecord[]> => {
  const rows = await connection.readRows('SELECT * FROM runs ORDER BY started_at DESC, rowid DESC LIMIT ?', [
    limit,
  ])
  return rows.reverse().map(row => ({
    runId: String(row.run_id),
    command: String(row.command),
    startedAt: String(row.started_at),
    ...(row.finished_at === null ? {} : { finishedAt: String(row.finished_at) }),
    ...(row.outcome === null ? {} : { outcome: row.outcome as NonNullable<RunRecord['outcome']> }),
    ...(row.summary === null ? {} : { summary: String(row.summary) }),
  }))
}
