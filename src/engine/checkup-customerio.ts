import type { Audience } from '../model/audience.ts'
import type { Check } from '../model/checkup.ts'
import type { RecordedState } from '../model/recorded.ts'
import type { CustomerioConnection } from '../model/workspace.ts'
import { sourceAddress } from '../plan/address.ts'
import type { SourceReader, SourceSegment, TrackReader } from '../ports.ts'
import { check, describeRefusal, nameFew, type Opened, ok, trouble, unchecked } from './checkup.ts'

export interface CustomerioCheckup {
  readonly connection: CustomerioConnection
  readonly source: Opened<SourceReader>
  /** Absent: the environment names no Track keys. */
  readonly track?: Opened<TrackReader>
  readonly audiences: readonly Audience[]
  readonly recorded: RecordedState
}

/** What was found of Customer.io, and the segments that can be read on: absent when nothing can. */
export interface CustomerioFindings {
  readonly checks: readonly Check[]
  readonly readable?: SourceReader
}

/** Key and region, what the key may read, the Track keys, and the segments that audiences are fed from. */
export const examineCustomerio = async (input: CustomerioCheckup): Promise<CustomerioFindings> => {
  const track = input.track ? [await checkTrack(input, input.track)] : []
  if (input.source.kind === 'refused') {
    const key = describeRefusal('customerio-key', input.source.failure)
    return { checks: [key, ...withoutKey(), ...track, SOURCES_UNCHECKED] }
  }
  const source = input.source.port
  let segments: readonly SourceSegment[] = []
  const key = await check('customerio-key', async () => {
    segments = await source.listSegments()
    const { appKeyEnv, region } = input.connection
    return ok('customerio-key', `${appKeyEnv} opens region ${region}: ${segments.length} segments are listed`)
  })
  if (key.verdict !== 'ok') return { checks: [key, ...withoutKey(), ...track, SOURCES_UNCHECKED] }
  const scope = await checkScope(source, segments)
  return {
    checks: [key, scope, ...track, checkSources(input, segments)],
    ...(scope.verdict === 'ok' ? { readable: source } : {}),
  }
}

const withoutKey = (): readonly Check[] => [unchecked('customerio-scope', 'not checked: the key comes first')]
const SOURCES_UNCHECKED = unchecked('sources', 'not checked: the segments could not be listed')

/** A key may list segments and still not say who is in one. */
const checkScope = (source: SourceReader, segments: readonly SourceSegment[]): Promise<Check> =>
  check('customerio-scope', async () => {
    const [first] = segments
    if (!first) return unchecked('customerio-scope', 'not checked: there is no segment to read')
    await source.countPeople(first.segmentId)
    await source.readPeoplePage(first.segmentId, { key: 'cio_id', limit: 1 })
    await source.readSegmentUse(first.segmentId)
    return ok('customerio-scope', 'the key reads segments, their counts, their members and what uses them')
  })

const checkTrack = (
  { connection }: CustomerioCheckup,
  track: Opened<TrackReader>,
): Check | Promise<Check> => {
  if (track.kind === 'refused') return describeRefusal('customerio-track', track.failure)
  return check('customerio-track', async () => {
    const { region, workspaceId } = await track.port.readAccount()
    if (region === connection.region)
      return ok('customerio-track', `the Track keys are of workspace ${workspaceId} in region ${region}`)
    return trouble(
      'customerio-track',
      `the Track keys are of region ${region}, workspace.yaml says ${connection.region}`,
      `set region: ${region}, or use the keys of a workspace in ${connection.region}`,
    )
  })
}

/** An id with another name means other people. That they all agree is the best sign that the key is of the right workspace. */
const checkSources = (
  { audiences, recorded }: CustomerioCheckup,
  segments: readonly SourceSegment[],
): Check => {
  const byId = new Map(segments.map(segment => [segment.segmentId, segment]))
  const found = audiences.map(audience => ({ audience, state: stateOf(audience, recorded, byId) }))
  const idsOf = (state: SourceState): readonly string[] =>
    found.flatMap(each => (each.state === state ? [each.audience.id] : []))
  const [missing, renamed, building] = [idsOf('missing'), idsOf('renamed'), idsOf('building')]
  if (missing.length > 0)
    return trouble(
      'sources',
      `Customer.io does not list the segment of ${nameFew(missing)}`,
      missing.length === audiences.length
        ? 'the key is of another workspace, or every segment id is wrong'
        : 'correct source.segment: it is the last number in the address of the segment in Customer.io',
    )
  if (renamed.length > 0)
    return trouble(
      'sources',
      `the segment of ${nameFew(renamed)} has another name in Customer.io than in its file`,
      'see whether it is still the one that was meant, then correct source.name',
    )
  if (building.length > 0)
    return trouble(
      'sources',
      `Customer.io is still building the segment of ${nameFew(building)}`,
      'wait until it is finished: nobody is removed before that',
    )
  const waiting = idsOf('not-made')
  const later = waiting.length > 0 ? `; ${nameFew(waiting)}: apply makes it` : ''
  return ok(
    'sources',
    `${audiences.length - waiting.length} of ${audiences.length} are listed under the names in the files${later}`,
  )
}

type SourceState = 'fine' | 'missing' | 'renamed' | 'building' | 'not-made'

const stateOf = (
  { id, source }: Audience,
  { objects }: RecordedState,
  segments: ReadonlyMap<number, SourceSegment>,
): SourceState => {
  const made = objects.get(sourceAddress(id))?.remoteId
  if (source.kind === 'manual' && made === undefined) return 'not-made'
  const segment = segments.get(source.kind === 'manual' ? Number(made) : source.segmentId)
  if (!segment) return 'missing'
  if (segment.name !== source.name) return 'renamed'
  return segment.isFinished ? 'fine' : 'building'
}
