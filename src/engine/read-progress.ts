import type { Identification } from '../membership/identify.ts'
import type { SourcePerson } from '../model/membership.ts'
import type { Spool, SpooledPerson } from '../ports.ts'
import { type Identify, prepareIdentification } from './read-identify.ts'
import { describeRead, findNote, type ReadBeginning, type ReadPath, writeNote } from './read-note.ts'
import type { MembersSource, SourceProbe } from './read-source.ts'
import type { Run } from './run.ts'

/** A read under way: what was spooled so far, and from where it goes on. */
export interface ReadUnderWay {
  readonly spool: Spool
  beginning: ReadBeginning
  isResumed: boolean
  /** Begins to count anew, for a read from the beginning. */
  readonly identify: Identify
  identification: Identification
  rows: number
  pages: number
  /** The cursor of the next page: undefined before the first one, null after the last. */
  next: string | null | undefined
  exportId: number | undefined
}

/** Goes on where an earlier run was cut off, when that is not too long ago; else begins anew. */
export const beginRead = async (
  run: Run,
  { audience, source }: MembersSource,
  { before, path }: { readonly before: SourceProbe; readonly path: ReadPath },
): Promise<ReadUnderWay> => {
  const resumeKey = describeRead(source, audience.identifier.key, path)
  const open = (): Promise<Spool> => run.store.openSpool(audience.id, { resumeKey })
  const kept = await open()
  const note = findNote(kept.resumed, path, { segment: before.segment, now: run.now })
  // An export is read again from its beginning: what was spooled of it would be there twice.
  const isReused = note ? path === 'pages' : kept.resumed === undefined
  if (!isReused) await kept.discard()
  const identify = await prepareIdentification(run, audience.identifier.key)
  const counted = note && path === 'pages' ? note : undefined
  return {
    spool: isReused ? kept : await open(),
    beginning: note ? goOn(note, before) : beginHere(before, run),
    isResumed: note !== undefined,
    identify,
    identification: identify(counted?.skipped),
    rows: counted?.rows ?? 0,
    pages: counted?.pages ?? 0,
    next: counted?.next,
    exportId: note?.exportId,
  }
}

const beginHere = ({ segment, count }: SourceProbe, { now }: Run): ReadBeginning => ({
  startedAt: now,
  wasFinished: segment.isFinished,
  count,
  updatedAt: segment.updatedAt,
})

/** What was counted when the read began stays what its end is compared with. */
const goOn = (
  { startedAt, wasFinished, count, updatedAt }: ReadBeginning,
  { segment }: SourceProbe,
): ReadBeginning => ({ startedAt, wasFinished: wasFinished && segment.isFinished, count, updatedAt })

/** Spools people of the source, and notes how far the read has come. People who cannot be sent carry no identifier. */
export const takePeople = async (reading: ReadUnderWay, people: readonly SourcePerson[]): Promise<void> => {
  const { spool } = reading
  const { identify } = reading.identification
  reading.rows += people.length
  reading.pages += 1
  const spooled: SpooledPerson[] = []
  for (const { person, value } of people) spooled.push({ person, identifier: identify(value) })
  await spool.append(spooled, describeProgress(reading))
}

/** The note of where the read stands. */
export const describeProgress = ({
  beginning,
  identification,
  rows,
  pages,
  next,
  exportId,
}: ReadUnderWay): string =>
  writeNote({ ...beginning, rows, pages, skipped: identification.skipped, next: next ?? null, exportId })
