import type { RecordedState } from '../model/recorded.ts'
import type { Observed } from '../plan/observed.ts'
import type { ObservedSendable, Reader } from '../ports.ts'

/**
 * Reads what planning compares with: one list of each vendor, and one read for each sendable segment we recorded,
 * whatever the number of audiences. MoEngage allows 50 lists a minute and 1,000 a day.
 */
export const refreshObserved = async (reader: Reader, recorded: RecordedState): Promise<Observed> => {
  const [sourceSegments, segments, sendables] = await Promise.all([
    reader.source.listSegments(),
    reader.destination.listSegments(),
    readSendables(reader, recorded),
  ])
  return {
    sourceSegments: new Map(sourceSegments.map(segment => [segment.segmentId, segment])),
    segments,
    sendables,
  }
}

const readSendables = async (
  reader: Reader,
  recorded: RecordedState,
): Promise<ReadonlyMap<string, ObservedSendable | undefined>> => {
  const remoteIds = [...recorded.objects.values()]
    .filter(({ kind }) => kind === 'sendable')
    .flatMap(({ remoteId }) => (remoteId === undefined ? [] : [remoteId]))
  const entries = await Promise.all(
    remoteIds.map(async id => [id, await reader.destination.readSendable(id)] as const),
  )
  return new Map(entries)
}
