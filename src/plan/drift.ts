import { compareText } from '../model/diagnostic.ts'
import type { Attributes, Drift, DriftGrade, PlanValue } from '../model/plan.ts'
import type { RecordedObject } from '../model/recorded.ts'
import type { SourceSegment } from '../ports.ts'
import { type Believed, believe } from './believed.ts'
import { attributeNames, isSameValue } from './compare.ts'
import type { View } from './view.ts'

/** What the vendors show against what was recorded, whatever the specs say. Only what was read can have drifted. */
export const findDrift = (view: View): readonly Drift[] =>
  [...view.recorded.objects.values()]
    .flatMap(object => describeObject(object, view))
    .sort((a, b) => compareText(a.address, b.address))

const describeObject = (object: RecordedObject, view: View): Drift[] => {
  if (object.status === 'pending') return []
  const believed = believe(object, view)
  if (believed.presence === 'unlisted' && object.remoteId !== undefined) return [describeAbsence(object)]
  return [...describeValues(object, believed), ...describeSegment(object, view)]
}

const describeAbsence = (object: RecordedObject): Drift => ({
  address: object.address,
  attribute: 'listed',
  detail:
    object.kind === 'source'
      ? 'Customer.io no longer lists it: deleted.'
      : 'MoEngage no longer shows it: archived, or gone.',
  grade: 'checked',
  recordedAt: object.recordedAt,
})

const describeValues = (object: RecordedObject, { observed }: Believed): Drift[] =>
  attributeNames(observed).flatMap(attribute =>
    describeDifference(object, {
      attribute,
      recorded: object.attributes[attribute],
      observed: observed[attribute],
      detail: `"${attribute}" was changed in ${object.kind === 'source' || object.kind === 'binding' ? 'Customer.io' : 'MoEngage'}.`,
      grade: 'checked',
    }),
  )

interface Difference {
  readonly attribute: string
  readonly recorded: PlanValue | undefined
  readonly observed: PlanValue | undefined
  readonly detail: string
  readonly grade: DriftGrade
}

const describeDifference = (object: RecordedObject, difference: Difference): Drift[] => {
  const { attribute, recorded, observed, detail, grade } = difference
  if (isSameValue(recorded, observed)) return []
  return [
    {
      address: object.address,
      attribute,
      detail,
      grade,
      ...(recorded === undefined ? {} : { recorded }),
      ...(observed === undefined ? {} : { observed }),
      recordedAt: object.recordedAt,
    },
  ]
}

/** What Customer.io shows of a segment beside its name: kept with the binding when it is applied. */
export const hintsOfSegment = ({ type, updatedAt }: SourceSegment): Attributes => ({
  source_type: type,
  ...(updatedAt === undefined ? {} : { source_edited: updatedAt }),
})

const describeSegment = (object: RecordedObject, { observed: { sourceSegments } }: View): Drift[] => {
  const segmentId = object.attributes.source_segment
  if (object.kind !== 'binding' || !object.hints || sourceSegments.kind !== 'read') return []
  const segment = sourceSegments.value.get(Number(segmentId))
  if (!segment) return []
  const shown = hintsOfSegment(segment)
  const { hints } = object
  return [
    ...(hints.source_type === undefined
      ? []
      : describeDifference(object, {
          attribute: 'source_type',
          recorded: hints.source_type,
          observed: shown.source_type,
          detail: `Segment ${segmentId} is ${shown.source_type} now, and was ${hints.source_type}.`,
          grade: 'checked',
        })),
    ...(hints.source_edited === undefined || shown.source_edited === undefined
      ? []
      : describeDifference(object, {
          attribute: 'source_edited',
          recorded: hints.source_edited,
          observed: shown.source_edited,
          detail: `Segment ${segmentId} "${segment.name}" may have been edited in Customer.io since it was last applied.`,
          grade: 'estimated',
        })),
  ]
}
