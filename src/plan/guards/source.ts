import type { Audience } from '../../model/audience.ts'
import type { View } from '../view.ts'
import { attributeOf, type Guard, type GuardFinding, listSome, refuse, refuseUnlessAllowed } from './guard.ts'

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
export const checkIdentifier: Guard = ({ changes, lineage, view: { recorded } }) =>
  changes.flatMap(change => {
    const key = attributeOf(change, 'identifier')
    if (change.kind !== 'binding' || key?.before === undefined || key.after === undefined) return []
    const members = recorded.members.get(lineage.recordOf(change)?.audience ?? change.audience) ?? 0
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
export const checkSourceRename: Guard = ({ changes, lineage, view: { observed } }) =>
  changes.flatMap(change => {
    const name = attributeOf(change, 'name')
    if (
      change.kind !== 'source' ||
      !['update', 'rename'].includes(change.action) ||
      name?.after === undefined
    )
      return []
    const segmentId = Number(lineage.recordOf(change)?.remoteId)
    const shown =
      observed.sourceSegments.kind === 'read' ? observed.sourceSegments.value.get(segmentId) : undefined
    // Somebody renamed it there, and the file followed.
    if (shown?.name === name.after) return []
    return [
      refuse('guard/source-rename', {
        summary: 'A manual segment cannot be renamed',
        detail: `${change.address}: Customer.io knows it as "${name.before}", and its API cannot rename it to "${name.after}".`,
        hint: `set source.manual.name to "${name.before}", or rename it in Customer.io`,
      }),
    ]
  })

/** Ours is gone, and what has its name is somebody else's: made anew beside it, nobody could tell the two apart. */
export const checkSourceGone: Guard = ({ changes, lineage, view: { observed, manualSegments } }) =>
  changes.flatMap(change => {
    if (change.kind !== 'source' || !['update', 'rename'].includes(change.action)) return []
    const { remoteId, attributes } = lineage.recordOf(change) ?? {}
    if (remoteId === undefined || observed.sourceSegments.kind !== 'read') return []
    if (observed.sourceSegments.value.has(Number(remoteId))) return []
    const others = manualSegments(String(attributes?.name))
    if (others.length === 0) return []
    const ids = listSome(others.map(({ segmentId }) => String(segmentId)))
    return [
      refuse('guard/takeover', {
        summary: 'Our manual segment is gone, and another one has its name',
        detail: `${change.address}: Customer.io no longer lists segment ${remoteId}, and has "${attributes?.name}" as ${ids}, which muster did not make.`,
        hint: `rename or delete it in Customer.io; or let go of ours (muster state rm ${change.address}) and take it over: adopt: true in its spec`,
      }),
    ]
  })
