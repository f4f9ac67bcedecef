import type { Audience } from '../../model/audience.ts'
import type { View } from '../view.ts'
import { attributeOf, type Guard, type GuardFinding, refuse, refuseUnlessAllowed } from './guard.ts'

/** A segment that is gone or has another name may mean other people: nothing is planned on it. */
export const checkSources: Guard = ({ audiences, view }) =>
  audiences.filter(({ isSuspended }) => !isSuspended).flatMap(audience => checkSource(audience, view))

const checkSource = (audience: Audience, { observed: { sourceSegments } }: View): GuardFinding[] => {
  if (audience.source.kind !== 'segment' || sourceSegments.kind !== 'read') return []
  const { segmentId, name } = audience.source
  const segment = sourceSegments.value.get(segmentId)
  if (!segment) {
    return [
      refuse('source/missing', {
        summary: 'The source segment does not exist',
        detail: `${audience.id}: Customer.io has no segment ${segmentId} ("${name}").`,
        hint: 'correct source.segment, or restore the segment in Customer.io',
      }),
    ]
  }
  if (segment.name === name) return []
  return [
    refuse('source/renamed', {
      summary: 'The source segment has another name',
      detail: `${audience.id}: segment ${segmentId} is called "${segment.name}", the spec says "${name}".`,
      hint: 'make sure it is still the segment you mean, then set source.name to its name',
    }),
  ]
}

/** Whoever was sent under one key is not known under another: all of them leave, and all of them enter. */
export const checkIdentifier: Guard = ({ changes, view: { recorded } }) =>
  changes.flatMap(change => {
    const key = attributeOf(change, 'identifier')
    if (change.kind !== 'binding' || key?.before === undefined || key.after === undefined) return []
    const members = recorded.members.get(change.audience) ?? 0
    return [
      refuseUnlessAllowed(
        'identifier-change',
        {
          summary: 'Another identifier would exchange every member',
          detail: `${change.address}: "${key.before}" would become "${key.after}"; ${members} recorded members would leave and enter again.`,
        },
        change.audience,
      ),
    ]
  })

/** A manual segment's name cannot be changed by key, and another one would be another source. */
export const checkSourceRename: Guard = ({ changes }) =>
  changes.flatMap(change => {
    const name = attributeOf(change, 'name')
    if (change.kind !== 'source' || name?.before === undefined || name.after === undefined || change.action === 'adopt')
      return []
    return [
      refuse('guard/source-rename', {
        summary: 'A manual segment cannot be renamed',
        detail: `${change.address}: Customer.io knows it as "${name.before}", and its API cannot rename it to "${name.after}".`,
        hint: `set source.manual.name back to "${name.before}", or rename it in Customer.io`,
      }),
    ]
  })

/** What may be there already must be looked for before it is made. */
export const checkVerified: Guard = ({ changes, isOffline, view: { observed } }) =>
  changes.flatMap(change => {
    if (isOffline || change.kind === 'binding') return []
    if (!['create', 'adopt', 'rename'].includes(change.action)) return []
    if (change.action === 'rename' && attributeOf(change, 'name') === undefined) return []
    const list = change.kind === 'source' ? observed.sourceSegments : observed.segments
    if (list.kind === 'read') return []
    const vendor = change.kind === 'source' ? 'Customer.io' : 'MoEngage'
    return [
      refuse('guard/unverified', {
        summary: 'Nothing is made where nobody could look',
        detail: `${change.address}: ${vendor}'s list of segments could not be read (${list.kind === 'failed' ? list.code : 'not tried'}), so the name may be taken.`,
        hint: 'plan again once the list can be read',
      }),
    ]
  })
