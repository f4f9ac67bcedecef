import type { RecordedObject, Tombstone } from '../../model/recorded.ts'
import type { JournalEntry, StoreWrite } from '../../model/store-write.ts'
import type { Statements, TextColumn } from './statements.ts'

const KINDS = ['object', 'drop-object', 'tombstone', 'drop-tombstone', 'journal'] as const

/** Writes that one commit may hold by the thousand. No other write touches their tables. */
export type BulkWrite = Extract<StoreWrite, { readonly kind: (typeof KINDS)[number] }>

/** True of a write that goes in with all others of its kind. */
export const isBulkWrite = (write: StoreWrite): write is BulkWrite => KINDS.some(kind => kind === write.kind)

/**
 * Applies them inside a transaction that the caller opened, with as many statements for ten thousand as for ten. Each
 * is a question over the network, or takes more memory with each row of the transaction, until an engine has none left.
 */
export const applyBulkWrites = async (inner: Statements, writes: readonly BulkWrite[]): Promise<void> => {
  // The last write of a key is what stays of it.
  const objects = new Map<string, RecordedObject | undefined>()
  const tombstones = new Map<string, Tombstone | undefined>()
  const entries: JournalEntry[] = []
  for (const write of writes) {
    if (write.kind === 'object') objects.set(write.object.address, write.object)
    if (write.kind === 'drop-object') objects.set(write.address, undefined)
    if (write.kind === 'tombstone') tombstones.set(write.tombstone.name, write.tombstone)
    if (write.kind === 'drop-tombstone') tombstones.set(write.name, undefined)
    if (write.kind === 'journal') entries.push(write.entry)
  }
  await runOnRows(inner, 'DELETE FROM objects WHERE address IN (SELECT unnest($1))', listDropped(objects))
  await runOnRows(inner, WRITE_OBJECTS, listKept(objects).map(toObjectRow))
  await runOnRows(inner, 'DELETE FROM tombstones WHERE name IN (SELECT unnest($1))', listDropped(tombstones))
  await runOnRows(inner, WRITE_TOMBSTONES, listKept(tombstones).map(toTombstoneRow))
  await runOnRows(inner, WRITE_JOURNAL, entries.map(toJournalRow))
}

const listDropped = (last: ReadonlyMap<string, unknown>): string[][] =>
  [...last].flatMap(([key, value]) => (value === undefined ? [[key]] : []))

const listKept = <T>(last: ReadonlyMap<string, T | undefined>): T[] =>
  [...last.values()].filter(value => value !== undefined)

const runOnRows = async (inner: Statements, sql: string, rows: readonly TextColumn[]): Promise<void> => {
  const [first] = rows
  if (!first) return
  const columns = first.map((_cell, column) => rows.map(row => row[column] ?? null))
  await inner.runOnColumns(sql, columns)
}

const WRITE_OBJECTS = `
  INSERT INTO objects
    (address, kind, audience, attributes, remote_id, status, recorded_at, origin, hints, carries_from)
  SELECT unnest($1), unnest($2), unnest($3), unnest($4), unnest($5), unnest($6), unnest($7), unnest($8), unnest($9),
    unnest($10)
  ON CONFLICT (address) DO UPDATE SET
    (kind, audience, attributes, remote_id, status, recorded_at, origin, hints, carries_from) =
    (EXCLUDED.kind, EXCLUDED.audience, EXCLUDED.attributes, EXCLUDED.remote_id, EXCLUDED.status,
     EXCLUDED.recorded_at, EXCLUDED.origin, EXCLUDED.hints, EXCLUDED.carries_from)`

const toObjectRow = (object: RecordedObject): TextColumn => [
  object.address,
  object.kind,
  object.audience,
  JSON.stringify(object.attributes),
  object.remoteId ?? null,
  object.status,
  object.recordedAt,
  object.origin,
  object.hints ? JSON.stringify(object.hints) : null,
  object.carriesFrom ?? null,
]

const WRITE_TOMBSTONES = `
  INSERT INTO tombstones (name, address, retired_at, reason, cohort_id)
  SELECT unnest($1), unnest($2), unnest($3), unnest($4), unnest($5)
  ON CONFLICT (name) DO UPDATE SET
    (address, retired_at, reason, cohort_id) =
    (EXCLUDED.address, EXCLUDED.retired_at, EXCLUDED.reason, EXCLUDED.cohort_id)`

const toTombstoneRow = ({ name, address, retiredAt, reason, cohortId }: Tombstone): TextColumn => [
  name,
  address,
  retiredAt,
  reason,
  cohortId ?? null,
]

const WRITE_JOURNAL = `
  INSERT INTO journal (run_id, logged_at, address, operation, phase, count, detail)
  SELECT unnest($1), unnest($2), unnest($3), unnest($4), unnest($5), unnest($6)::INTEGER, unnest($7)`

const toJournalRow = (entry: JournalEntry): TextColumn => [
  entry.runId,
  entry.at,
  entry.address,
  entry.operation,
  entry.phase,
  entry.count === undefined ? null : String(entry.count),
  entry.detail ?? null,
]
