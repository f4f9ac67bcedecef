import { FailureError } from '../model/failure.ts'
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

/** Stops a command between two calls. What was done is recorded; the next run goes on from there. */
export const stopIfAborted = (signal: AbortSignal): void => {
  if (!signal.aborted) return
  throw new FailureError({
    origin: 'cli',
    code: 'run/interrupted',
    detail: 'Interrupted. What was done so far is recorded.',
    hint: 'run the same command again: it goes on from here',
    retryable: true,
  })
}
