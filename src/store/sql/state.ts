import type { Address, Attributes, ObjectKind } from '../../model/plan.ts'
import type {
  Assertion,
  AssertionReason,
  QaEvidence,
  RecordedAllowance,
  RecordedObject,
  RecordedState,
  Tombstone,
} from '../../model/recorded.ts'
import { readStoreId } from './identity.ts'
import { readLock } from './lock-row.ts'
import type { Reads, Row, Statements } from './statements.ts'

/** Reads the small state, inside a transaction so that all of it is of one moment. Works on a read-only file too. */
export const readState = async (inner: Reads): Promise<RecordedState> => {
  const storeId = await readStoreId(inner)
  const objects = await inner.readRows('SELECT * FROM objects ORDER BY address')
  const tombstones = await inner.readRows('SELECT * FROM tombstones ORDER BY name')
  const synced = await inner.readRows('SELECT * FROM synced ORDER BY audience')
  const asserted = await inner.readRows('SELECT * FROM assertions ORDER BY audience')
  const evidence = await inner.readRows('SELECT * FROM evidence ORDER BY audience')
  const allowances = await inner.readRows('SELECT * FROM allowances ORDER BY audience, guard')
  const lock = await readLock(inner)
  return {
    ...(storeId === undefined ? {} : { storeId }),
    head: await readHead(inner),
    objects: new Map(objects.map(row => [row.address as Address, toObject(row)])),
    tombstones: new Map(tombstones.map(row => [String(row.name), toTombstone(row)])),
    members: await inner.engine.readSizes(inner),
    synced: new Map(synced.map(row => [String(row.audience), String(row.completed_at)])),
    asserted: new Map(asserted.map(row => [String(row.audience), toAssertion(row)])),
    evidence: new Map(evidence.map(row => [String(row.audience), parseContent<QaEvidence>(row)])),
    allowances: new Map(
      allowances.map(row => [`${row.audience}:${row.guard}`, parseContent<RecordedAllowance>(row)]),
    ),
    ...(lock ? { lock } : {}),
  }
}

/** The count of changes ever recorded. */
export const readHead = async (inner: Reads): Promise<number> => {
  const [row] = await inner.readRows('SELECT value FROM head')
  return Number(row?.value ?? 0)
}

/** Counts one change more. */
export const raiseHead = async (inner: Statements): Promise<void> =>
  void (await inner.run('UPDATE head SET value = value + 1'))

// The casts below are safe because only this module's neighbours write these columns, from the same types.
const toObject = (row: Row): RecordedObject => ({
  address: row.address as Address,
  kind: row.kind as ObjectKind,
  audience: String(row.audience),
  attributes: JSON.parse(String(row.attributes)) as Attributes,
  ...(row.remote_id === null ? {} : { remoteId: String(row.remote_id) }),
  status: row.status as RecordedObject['status'],
  recordedAt: String(row.recorded_at),
  origin: row.origin as RecordedObject['origin'],
  ...(row.hints === null ? {} : { hints: JSON.parse(String(row.hints)) as Attributes }),
  ...(row.carries_from === null ? {} : { carriesFrom: String(row.carries_from) }),
})

const toTombstone = (row: Row): Tombstone => ({
  name: String(row.name),
  address: row.address as Address,
  retiredAt: String(row.retired_at),
  reason: row.reason as Tombstone['reason'],
  ...(row.cohort_id === null ? {} : { cohortId: String(row.cohort_id) }),
})

const toAssertion = (row: Row): Assertion => ({
  ...(row.completed_at === null ? {} : { completedAt: String(row.completed_at) }),
  ...(row.started_at === null ? {} : { startedAt: String(row.started_at) }),
  ...(row.reason === null ? {} : { reason: row.reason as AssertionReason }),
})

const parseContent = <T>(row: Row): T => JSON.parse(String(row.content)) as T
