import { failureOf } from '../model/failure.ts'
import type { Reading } from '../model/reading.ts'
import type { RecordedState } from '../model/recorded.ts'
import { type Observed, SHORT_LIST } from '../plan/observed.ts'
import type { DestinationReader, DestinationSegment, ObservedSendable, Reader } from '../ports.ts'

/**
 * Reads what planning compares with: one list of each vendor, and one read for each sendable segment that is recorded
 * or to be adopted, whatever the number of audiences. MoEngage allows 50 lists a minute and 1,000 a day. What cannot
 * be read is a failed reading; only a failure that every call would meet is thrown.
 */
export const refreshObserved = async (
  reader: Reader,
  recorded: RecordedState,
  adopting: readonly string[],
): Promise<Observed> => {
  const known = [...recorded.objects.values()].flatMap(({ kind, remoteId }) =>
    kind === 'sendable' && remoteId !== undefined ? [remoteId] : [],
  )
  const [sourceSegments, segments, sendables] = await Promise.all([
    tryRead(() => reader.source.listSegments()),
    readDestinationList(reader.destination, recorded),
    readSendables(reader, known),
  ])
  const found = await readSendables(reader, findUnrecorded(segments, adopting, sendables))
  return {
    sourceSegments:
      sourceSegments.kind === 'read'
        ? { kind: 'read', value: new Map(sourceSegments.value.map(segment => [segment.segmentId, segment])) }
        : sourceSegments,
    segments,
    sendables: new Map([...sendables, ...found]),
  }
}

/** MoEngage's list, unless it could not be read, or is not to be believed. Whom it leaves out is asked for by name. */
export const readDestinationList = async (
  destination: Pick<DestinationReader, 'listSegments'>,
  recorded: RecordedState,
): Promise<Reading<readonly DestinationSegment[]>> => {
  const listed = doubtShortList(await tryRead(() => destination.listSegments()), recorded)
  return listed.kind === 'read' ? tryRead(() => addMissing(destination, listed.value, recorded)) : listed
}

/**
 * What was listed once and is missing may be archived, or left out of a list that is cut off: which of both decides
 * whether a cohort counts as lost. One call for each, of which there are seldom any; when one fails, nothing is known.
 * Source: vendors' fact sheet for MoEngage, sections 3.2 and 8.
 */
const addMissing = async (
  destination: Pick<DestinationReader, 'listSegments'>,
  listed: readonly DestinationSegment[],
  { objects }: RecordedState,
): Promise<readonly DestinationSegment[]> => {
  const shown = new Map(listed.map(segment => [segment.remoteId, segment] as const))
  const missing = [...objects.values()].filter(
    ({ kind, status, remoteId }) =>
      (kind === 'cohort' || kind === 'sendable') &&
      status === 'seen' &&
      remoteId !== undefined &&
      !shown.has(remoteId),
  )
  for (const { attributes } of missing)
    for (const segment of await destination.listSegments(String(attributes.name)))
      shown.set(segment.remoteId, segment)
  return [...shown.values()]
}

/**
 * A list without any of the cohorts that it showed before is rather cut off than true: what is not in it is not known
 * to be gone, nor a name to be free. Whether long lists are cut off is not documented.
 */
const doubtShortList = (
  listed: Reading<readonly DestinationSegment[]>,
  { objects }: RecordedState,
): Reading<readonly DestinationSegment[]> => {
  if (listed.kind !== 'read') return listed
  const shown = new Set(listed.value.map(({ remoteId }) => remoteId))
  const known = [...objects.values()].filter(
    ({ kind, status, remoteId }) => kind === 'cohort' && status === 'seen' && remoteId !== undefined,
  )
  const missing = known.filter(({ remoteId }) => !shown.has(String(remoteId))).length
  return missing >= FEWEST_MISSING && missing === known.length ? { kind: 'failed', code: SHORT_LIST } : listed
}

/** One cohort may well have been archived, and two of two. Of more, some are used by campaigns. */
const FEWEST_MISSING = 3

type SendableReadings = ReadonlyMap<string, Reading<ObservedSendable | undefined>>

const readSendables = async (reader: Reader, remoteIds: readonly string[]): Promise<SendableReadings> =>
  new Map(
    await Promise.all(
      remoteIds.map(async id => [id, await tryRead(() => reader.destination.readSendable(id))] as const),
    ),
  )

const findUnrecorded = (
  segments: Reading<readonly DestinationSegment[]>,
  names: readonly string[],
  known: SendableReadings,
): readonly string[] => {
  if (segments.kind !== 'read') return []
  const wanted = new Set(names)
  const remoteIds = segments.value.flatMap(({ name, remoteId }) => (wanted.has(name) ? [remoteId] : []))
  return [...new Set(remoteIds)].filter(id => !known.has(id))
}

/** Failures that say nothing about one thing to read, but that nothing can be read. */
const ENDS_EVERYTHING: ReadonlySet<string> = new Set([
  'provider/auth',
  'provider/bad-config',
  'provider/blocked',
  'provider/cancelled',
  'provider/tls',
])

const tryRead = async <T>(read: () => Promise<T>): Promise<Reading<T>> => {
  try {
    return { kind: 'read', value: await read() }
  } catch (error) {
    const failure = failureOf(error)
    if (!failure || ENDS_EVERYTHING.has(failure.code)) throw error
    return { kind: 'failed', code: failure.code }
  }
}
