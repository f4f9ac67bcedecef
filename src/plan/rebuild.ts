import type { Audience } from '../model/audience.ts'
import { compareText } from '../model/diagnostic.ts'
import type { Address, Attributes, Change } from '../model/plan.ts'
import { valueRead } from '../model/reading.ts'
import type { RecordedObject, RecordedState, Tombstone } from '../model/recorded.ts'
import type { Instant } from '../model/time.ts'
import { cohortAddress } from './address.ts'
import { believe } from './believed.ts'
import { hintsOfSegment } from './drift.ts'
import type { Observed } from './observed.ts'
import { createView } from './view.ts'

export interface RebuildInput {
  /** What the store's log told, or an empty state. */
  readonly logged: RecordedState
  /** Changes of a plan in which every audience may take over what exists under its names. */
  readonly changes: readonly Change[]
  readonly audiences: readonly Audience[]
  readonly observed: Observed
  /** Sent with every call: cohorts may be listed behind it. */
  readonly partner: string
  readonly now: Instant
}

/** What a new store would be told in place of the lost one, and how sure that is. */
export interface Rebuilt {
  readonly objects: readonly RebuiltObject[]
  readonly tombstones: readonly Tombstone[]
  /** Declared, and neither logged nor listed: the next plan makes them. */
  readonly missing: readonly Address[]
}

export interface RebuiltObject {
  readonly object: RecordedObject
  /** `log`: as it was recorded. `found`: listed under the declared name. `spec`: taken from the file. */
  readonly from: 'log' | 'found' | 'spec'
  /** Looked for, and not there any more. */
  readonly isUnlisted: boolean
}

/** Puts a record together: the log where it reaches, then what the vendors list, then what is declared. */
export const rebuildRecord = (input: RebuildInput): Rebuilt => {
  const { logged, changes, observed, partner } = input
  const view = createView(logged, observed, partner)
  const fromLog = [...logged.objects.values()].map(object => ({
    object,
    from: 'log' as const,
    isUnlisted: believe(object, view).presence === 'unlisted',
  }))
  const found = changes.filter(({ action }) => action === 'adopt').map(change => recordFound(change, input))
  // Where the log knows the cohort and no binding, none was applied: that is for a plan to say.
  const cohorts = new Set(found.map(({ object }) => object.address))
  const bindings = changes
    .filter(
      ({ kind, action, audience }) =>
        kind === 'binding' && action === 'create' && cohorts.has(cohortAddress(audience)),
    )
    .map(change => recordBinding(change, input))
  const objects = [...fromLog, ...found, ...bindings].sort((a, b) =>
    compareText(a.object.address, b.object.address),
  )
  const known = new Set(objects.map(({ object }) => object.address))
  return {
    objects,
    tombstones: [...logged.tombstones.values()],
    missing: changes
      .filter(({ action, address }) => action === 'create' && !known.has(address))
      .map(({ address }) => address),
  }
}

/** As the vendor shows it, so that the next plan tells what differs from the file. */
const recordFound = (change: Change, { now }: RebuildInput): RebuiltObject => ({
  object: {
    ...describeObject(change, now),
    ...(change.remoteId === undefined ? {} : { remoteId: change.remoteId }),
  },
  from: 'found',
  isUnlisted: false,
})

/** Nobody knows whether what was created was created by the lost store: what is adopted is never deleted. */
const describeObject = ({ address, kind, audience, attributes }: Change, now: Instant): RecordedObject => ({
  address,
  kind,
  audience,
  attributes: Object.fromEntries(
    attributes.flatMap(({ attribute, before, after }) => {
      const value = before ?? after
      return value === undefined ? [] : [[attribute, value]]
    }),
  ),
  status: 'seen',
  recordedAt: now,
  origin: 'adopted',
})

const recordBinding = (change: Change, { audiences, observed, now }: RebuildInput): RebuiltObject => {
  const source = audiences.find(({ id }) => id === change.audience)?.source
  const segment =
    source?.kind === 'segment' ? valueRead(observed.sourceSegments)?.get(source.segmentId) : undefined
  const hints: Attributes | undefined = segment && hintsOfSegment(segment)
  return {
    object: { ...describeObject(change, now), origin: 'created', ...(hints ? { hints } : {}) },
    from: 'spec',
    isUnlisted: false,
  }
}
