import { compareText } from '../model/diagnostic.ts'
import type { DriftReport, UnknowableMembers, UnreadObject } from '../model/drift.ts'
import { audienceOfKey, type Drift, type PlanTarget } from '../model/plan.ts'
import type { Reading } from '../model/reading.ts'
import type { RecordedObject } from '../model/recorded.ts'
import { DAY_MS, type Instant } from '../model/time.ts'
import { believe } from './believed.ts'
import { findDrift } from './drift.ts'
import { QUIET_DAYS } from './heartbeat.ts'
import type { View } from './view.ts'

export interface DriftInput {
  readonly view: View
  readonly target: PlanTarget
  readonly now: Instant
  /** Limits the report to these audiences. Absent: all that are recorded. */
  readonly only?: ReadonlySet<string>
}

/** Holds what was read against what was recorded, in grades that never merge. The specs have no say in it. */
export const reportDrift = ({ view, target, now, only }: DriftInput): DriftReport => {
  const objects = [...view.recorded.objects.values()]
    .filter(({ audience }) => only?.has(audienceOfKey(audience)) ?? true)
    .sort((a, b) => compareText(a.address, b.address))
  const chosen = new Set(objects.map(({ address }) => address))
  const drift = findDrift(view)
    .filter(({ address }) => chosen.has(address))
    .toSorted((a, b) => compareText(a.address, b.address) || compareText(a.attribute, b.attribute))
  return {
    target,
    checkedAt: now,
    checked: { ...countRead(objects, view), findings: drift.filter(({ grade }) => grade === 'checked') },
    estimated: [
      ...drift.filter(({ grade }) => grade === 'estimated'),
      ...objects.filter(object => isLongUnused(object, view, now)).map(describeArchiveClock),
    ],
    unknown: objects.flatMap(object => describeUnread(object, view)),
    unknowable: objects.filter(({ kind }) => kind === 'cohort').map(object => describeMembers(object, view)),
  }
}

/** Looking for something and not finding it is a value that was read, too. */
const countRead = (objects: readonly RecordedObject[], view: View) => {
  const read = objects
    .map(object => {
      const { presence, beliefs } = believe(object, view)
      const values = Object.values(beliefs).filter(belief => belief === 'read').length
      return presence === 'unlisted' ? Math.max(1, values) : values
    })
    .filter(values => values > 0)
  return { objects: read.length, values: read.reduce((sum, values) => sum + values, 0) }
}

const describeUnread = (object: RecordedObject, view: View): UnreadObject[] => {
  const { beliefs } = believe(object, view)
  if (!Object.values(beliefs).includes('unknown')) return []
  const reading = readingFor(object, view)
  return [{ address: object.address, ...(reading?.kind === 'failed' ? { code: reading.code } : {}) }]
}

/** The look that would have shown the object. */
const readingFor = ({ kind, remoteId }: RecordedObject, { observed }: View): Reading<unknown> | undefined => {
  if (kind === 'source' || kind === 'binding') return observed.sourceSegments
  if (kind === 'cohort' || remoteId === undefined) return observed.segments
  return observed.sendables.get(remoteId)
}

/** Who is in a cohort never comes back: our own count is told with its age. */
const describeMembers = ({ audience }: RecordedObject, { recorded }: View): UnknowableMembers => {
  const syncedAt = recorded.synced.get(audience)
  return {
    audience,
    recordedMembers: recorded.members.get(audience) ?? 0,
    ...(syncedAt === undefined ? {} : { syncedAt }),
  }
}

const isLongUnused = (object: RecordedObject, view: View, now: Instant): boolean =>
  object.kind === 'cohort' &&
  Date.parse(now) - Date.parse(object.recordedAt) > QUIET_DAYS * DAY_MS &&
  believe(object, view).presence !== 'unlisted'

const describeArchiveClock = ({ address, recordedAt }: RecordedObject): Drift => ({
  address,
  attribute: 'last_run',
  detail:
    'MoEngage archives a segment that no campaign or query used for 60 days. Syncing is no use of it, and nobody can read when the last one was.',
  grade: 'estimated',
  recordedAt,
})
