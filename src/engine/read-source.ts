import type { Audience } from '../model/audience.ts'
import { fail } from '../model/failure.ts'
import type { RecordedState } from '../model/recorded.ts'
import { sourceAddress } from '../plan/address.ts'
import type { SourceSegment } from '../ports.ts'
import type { Run } from './run.ts'

/** A segment by its id and the name it must have. */
export interface NamedSegment {
  readonly segmentId: number
  readonly name: string
}

/** An audience, and the segment in Customer.io that its people are read from. */
export interface MembersSource {
  readonly audience: Audience
  readonly source: NamedSegment
}

/** The segment of an audience: declared by its id, or made by muster and recorded. */
export const resolveSource = ({ id, source }: Audience, { objects }: RecordedState): NamedSegment => {
  if (source.kind === 'segment') return source
  const recorded = objects.get(sourceAddress(id))
  if (recorded?.remoteId === undefined) {
    return refuseSource('source/not-made', `The manual segment "${source.name}" was not made yet.`)
  }
  return { segmentId: Number(recorded.remoteId), name: source.name }
}

/** A segment at one moment: what stands before and after everything that is read of it. */
export interface SourceProbe {
  readonly segment: SourceSegment
  readonly count: number
}

/** Looks whether the segment is the one that was meant, whether it is finished, and how many people it counts. */
export const probeSource = async (run: Run, source: NamedSegment): Promise<SourceProbe> => ({
  segment: await readNamed(run, source),
  count: await run.reader.source.countPeople(source.segmentId),
})

/** Nobody is taken from a segment that is not the one that was meant. */
export const readNamed = async (run: Run, { segmentId, name }: NamedSegment): Promise<SourceSegment> => {
  const segment = await run.reader.source.readSegment(segmentId)
  // Never read as an empty segment: that would remove everybody.
  if (!segment) {
    return refuseSource(
      'source/missing',
      `Customer.io has no segment ${segmentId}. Its cohort is left as it is.`,
    )
  }
  // The same id with another name may mean other people by now.
  if (segment.name !== name) {
    return refuseSource(
      'source/renamed',
      `Segment ${segmentId} is called "${segment.name}", the spec says "${name}".`,
    )
  }
  return segment
}

const refuseSource = (code: string, detail: string): never =>
  fail({
    origin: 'customerio',
    code,
    detail,
    hint: 'set it right in Customer.io, or correct source and apply',
    retryable: false,
  })
