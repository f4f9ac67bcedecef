import { compareText } from '../model/diagnostic.ts'
import type { Lock, RecordedObject, RecordedState, Tombstone } from '../model/recorded.ts'

/** The small state for programs: counts of people, never their identifiers. Keys may be added, never renamed. */
export const renderStateListJson = (state: RecordedState): string =>
  print({
    store_id: state.storeId ?? null,
    head: state.head,
    objects: [...state.objects.values()].sort((a, b) => compareText(a.address, b.address)).map(writeObject),
    tombstones: [...state.tombstones.values()]
      .sort((a, b) => compareText(a.name, b.name))
      .map(writeTombstone),
    members: sortedRecord(state.members),
    synced: sortedRecord(state.synced),
    lock: state.lock ? writeLock(state.lock) : null,
  })

/** One recorded object for programs. */
export const renderStateShowJson = (object: RecordedObject): string => print(writeObject(object))

const print = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

const sortedRecord = <T>(map: ReadonlyMap<string, T>): Readonly<Record<string, T>> =>
  Object.fromEntries([...map].sort(([a], [b]) => compareText(a, b)))

/** A recorded object, for programs. */
export const writeObject = (object: RecordedObject) => ({
  address: object.address,
  kind: object.kind,
  audience: object.audience,
  status: object.status,
  origin: object.origin,
  remote_id: object.remoteId ?? null,
  recorded_at: object.recordedAt,
  carries_from: object.carriesFrom ?? null,
  attributes: object.attributes,
  hints: object.hints ?? {},
})

const writeTombstone = ({ name, address, retiredAt, reason, cohortId }: Tombstone) => ({
  name,
  address,
  retired_at: retiredAt,
  reason,
  cohort_id: cohortId ?? null,
})

const writeLock = ({ id, fence, owner, command, runId, runUrl, acquiredAt, expiresAt }: Lock) => ({
  id,
  fence,
  owner,
  command,
  run_id: runId,
  run_url: runUrl ?? null,
  acquired_at: acquiredAt,
  expires_at: expiresAt,
})
