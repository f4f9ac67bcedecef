import type { DestinationSegment } from '../../ports.ts'
import { SHORT_LIST } from '../observed.ts'
import type { View } from '../view.ts'
import {
  type Guard,
  type GuardedChange,
  type GuardFinding,
  type GuardInput,
  listSome,
  newName,
  refuse,
  refuseUnlessAllowed,
} from './guard.ts'

/** Names that a plan would use for the first time: no name may be somebody else's, and none comes back. */
export const checkNames: Guard = input =>
  input.changes.flatMap(change => {
    const name = newName(change)
    if (name === undefined) return []
    if (change.kind === 'source') return checkSourceName(change, name, input)
    return [
      ...checkTombstone(change, name, input),
      ...checkOwner(change, name, input),
      ...checkTwins(change, name, input),
    ]
  })

type NameCheck = (change: GuardedChange, name: string, input: GuardInput) => readonly GuardFinding[]

const HOW_IT_WENT = { retired: 'retired', renamed: 'given up in a rename', forgotten: 'let go' } as const

const checkTombstone: NameCheck = (change, name, { view }) => {
  const tombstone = view.recorded.tombstones.get(name)
  if (!tombstone || (tombstone.reason === 'forgotten' && change.action === 'adopt')) return []
  return [
    refuse('guard/name-used', {
      summary: NAME_USED,
      detail: `${change.address}: "${name}" was used by ${tombstone.address} and ${HOW_IT_WENT[tombstone.reason]}.`,
      hint:
        tombstone.reason === 'forgotten' ? 'take it over again: adopt: true in its spec' : hintOfName(change),
    }),
  ]
}

const NAME_USED = 'MoEngage never gives a name twice'

const hintOfName = ({ kind }: GuardedChange): string =>
  kind === 'sendable'
    ? 'declare a new audience with a new id and name; keep suppressions where campaigns need them'
    : 'choose another name, for example with a version at its end'

/** Whose the name is now: another object's of ours, or a stranger's. */
const checkOwner: NameCheck = (change, name, input) => {
  const { view } = input
  const listed = view.segments.kind === 'read' ? view.segments.value.find(name) : undefined
  const owner = (listed && view.addresses.get(listed.remoteId)) ?? view.names.get(name)
  if (owner === undefined)
    return listed && change.action !== 'adopt' ? checkStranger(change, listed, input) : []
  // A sendable segment that somebody renamed by hand to what its spec now says is still ours.
  if (change.kind === 'sendable' && (owner === change.address || owner === change.from)) return []
  return [
    refuse('guard/name-used', {
      summary: NAME_USED,
      detail: `${change.address}: "${name}" is the name of ${owner}.`,
      hint: hintOfName(change),
    }),
  ]
}

const checkStranger = (
  change: GuardedChange,
  listed: DestinationSegment,
  { audiences, view }: GuardInput,
): readonly GuardFinding[] => {
  const isToBeAdopted = audiences.some(({ id, adopt }) => id === change.audience && adopt)
  const reading = view.observed.sendables.get(listed.remoteId)
  if (isToBeAdopted && reading?.kind === 'failed') {
    return [
      refuse('guard/unverified', {
        summary: UNVERIFIED,
        detail: `${change.address}: "${listed.name}" is to be taken over, and its definition could not be read (${reading.code}).`,
        hint: 'plan again once it can be read',
      }),
    ]
  }
  return [
    refuse('guard/takeover', {
      summary: NOT_OURS,
      detail: `${change.address}: MoEngage already has a segment "${listed.name}".`,
      hint: isToBeAdopted
        ? "choose another name: it is another partner's, or of a kind that cannot be taken over"
        : hintOfTakeover(view),
    }),
  ]
}

/** A store that records nothing at all is a new one, or not the one that everything was applied from. */
const hintOfTakeover = ({ recorded: { objects, tombstones } }: View): string =>
  objects.size + tombstones.size === 0 ? `${CHOOSE}; if the store was lost: muster state rebuild` : CHOOSE

const CHOOSE = 'choose another name, or take it over: adopt: true in its spec'

const NOT_OURS = 'The name belongs to a segment that muster did not create'

const checkTwins: NameCheck = (change, name, { view }) => {
  const twins = view.twinsOf(name)
  if (twins.length === 0) return []
  return [
    refuseUnlessAllowed(
      'case-twin',
      {
        summary: 'The name differs from another one in upper and lower case only',
        detail: `${change.address}: "${name}" beside ${listSome(twins.map(each => `"${each}"`))}. Whether MoEngage tells them apart is not documented.`,
      },
      change.audience,
    ),
  ]
}

const checkSourceName: NameCheck = (change, name, { view }) => {
  const existing = view.manualSegments(name)
  if (change.action !== 'create' || existing.length === 0) return []
  const ids = listSome(existing.map(({ segmentId }) => String(segmentId)))
  if (existing.length > 1) {
    return [
      refuse('guard/ambiguous-source', {
        summary: 'Several manual segments have this name',
        detail: `${change.address}: Customer.io has "${name}" as segments ${ids}.`,
        hint: 'delete or rename all but one of them in Customer.io, or choose another name',
      }),
    ]
  }
  return [
    refuse('guard/takeover', {
      summary: NOT_OURS,
      detail: `${change.address}: Customer.io already has a manual segment "${name}" (${ids}).`,
      hint: hintOfTakeover(view),
    }),
  ]
}

/** An id of a cohort that was sent once is never sent for another: what MoEngage would do is not documented. */
export const checkCohortIds: Guard = ({ changes, view }) => {
  const chosen = new Set<string>()
  return changes.flatMap(change => {
    if (change.kind !== 'cohort' || !['create', 'adopt'].includes(change.action)) return []
    const cohortId = String(change.attributes.find(({ attribute }) => attribute === 'cohort_id')?.after)
    const former = view.recorded.tombstones.get(newName(change) ?? '')
    const isOwn = former?.cohortId === cohortId
    const isOther = change.action === 'adopt' && former?.cohortId !== undefined
    const isFree = !isOther && !view.cohortIds.has(cohortId)
    if (!chosen.has(cohortId) && (isOwn || isFree)) {
      chosen.add(cohortId)
      return []
    }
    return [
      refuse('guard/cohort-id-used', {
        summary: 'A cohort id belongs to one cohort for ever',
        detail:
          !isOther || isOwn
            ? `${change.address}: "${cohortId}" was sent for another cohort.`
            : `${change.address}: its name was sent as "${former.cohortId}", not as "${cohortId}".`,
        hint: 'correct adopt.cohort_id, or write adopt: true',
      }),
    ]
  })
}

/** What may be there already must be looked for before it is made. */
export const checkVerified: Guard = ({ changes, isOffline, view: { observed } }) =>
  changes.flatMap(change => {
    if (isOffline || newName(change) === undefined) return []
    const list = change.kind === 'source' ? observed.sourceSegments : observed.segments
    if (list.kind === 'read') return []
    const vendor = change.kind === 'source' ? 'Customer.io' : 'MoEngage'
    const code = list.kind === 'failed' ? list.code : 'not tried'
    if (code === SHORT_LIST) {
      return [
        refuse('guard/unverified', {
          summary: UNVERIFIED,
          detail: `${change.address}: MoEngage's list shows none of the cohorts that are recorded, so it is rather cut off than true, and the name may be taken.`,
          hint: 'plan again; where they are really gone, let go of them one by one: muster state rm <id>',
        }),
      ]
    }
    return [
      refuse('guard/unverified', {
        summary: UNVERIFIED,
        detail: `${change.address}: ${vendor}'s list of segments could not be read (${code}), so the name may be taken.`,
        hint: 'plan again once the list can be read',
      }),
    ]
  })

/** Of every refusal that says what could not be read. */
export const UNVERIFIED = 'A list could not be read, so nothing new is made'
