import type { Audience } from '../model/audience.ts'
import { compareText } from '../model/diagnostic.ts'
import { fail } from '../model/failure.ts'
import { invariant } from '../model/invariant.ts'
import type { ChangeResult } from '../model/outcome.ts'
import type { Change } from '../model/plan.ts'
import type { RecordedObject } from '../model/recorded.ts'
import { type Direction, MOST_IDS_PER_CALL, type SourceSegment } from '../ports.ts'
import { afterChange } from './apply-attributes.ts'
import { requireRecorded } from './apply-record.ts'
import { stopIfAborted } from './interrupt.ts'
import { journal, makeJournalledCall, type Run } from './run.ts'

/** Creates or adopts a manual segment in Customer.io, and brings its people in line with the workspace's testers. */
export const applySource = async (
  run: Run,
  change: Change,
  audience: Audience | undefined,
): Promise<ChangeResult> => {
  invariant(audience, `${change.address} is changed without a spec`)
  const recorded = (await run.store.readState()).objects.get(change.address)
  const object: RecordedObject = {
    address: change.address,
    kind: 'source',
    audience: change.audience,
    attributes: afterChange(recorded?.attributes ?? {}, change),
    status: 'pending',
    recordedAt: run.now,
    origin: recorded?.origin ?? (change.action === 'adopt' ? 'adopted' : 'created'),
  }
  const remoteId = change.remoteId ?? (recorded && (await findOwn(run, recorded)))
  const made =
    remoteId === undefined
      ? await createSource(run, { object, recorded, audience })
      : await keepOpen(run, { ...object, remoteId })
  return fill(run, made)
}

type MadeSource = RecordedObject & { readonly remoteId: string }

/** Recorded as pending until its people were read back: a run that is cut off goes on from here. */
const keepOpen = async (run: Run, object: MadeSource): Promise<MadeSource> => {
  await run.store.commit([{ kind: 'object', object }])
  return object
}

/**
 * The one that was made, unless somebody has deleted it: a list that leaves it out is no proof of that. A call without
 * an answer may have made one too: names are not unique there, so another call would make a second.
 */
const findOwn = async (run: Run, { attributes, remoteId }: RecordedObject): Promise<string | undefined> => {
  if (remoteId !== undefined && (await run.reader.source.readSegment(Number(remoteId)))) return remoteId
  const segments = await run.reader.source.listSegments()
  const { objects } = await run.store.readState()
  const taken = new Set(
    [...objects.values()].filter(({ kind }) => kind === 'source').map(each => each.remoteId),
  )
  const isOwn = ({ type, name, segmentId }: SourceSegment): boolean =>
    type === 'manual' && name === attributes.name && !taken.has(String(segmentId))
  const [found, another] = segments.filter(isOwn)
  // Ours is gone, so whatever carries its name is somebody else's.
  if (another || (found && remoteId !== undefined)) return refuseAmbiguous(String(attributes.name))
  return found && String(found.segmentId)
}

const refuseAmbiguous = (name: string): never =>
  fail({
    origin: 'customerio',
    code: 'source/ambiguous',
    detail: `Customer.io has several manual segments "${name}", and which of them muster made is not known.`,
    hint: 'delete or rename all but one of them in Customer.io, then run the same command again',
    retryable: false,
  })

interface Creation {
  readonly object: RecordedObject
  readonly recorded: RecordedObject | undefined
  readonly audience: Audience
}

const createSource = async (run: Run, { object, recorded, audience }: Creation): Promise<MadeSource> => {
  const made = (segmentId: number): MadeSource => ({ ...object, remoteId: String(segmentId) })
  const { segmentId } = await makeJournalledCall(
    run,
    { address: object.address, operation: 'create source segment' },
    () =>
      run.writer.source.createSegment({
        name: String(object.attributes.name),
        description: audience.description,
      }),
    {
      intent: [{ kind: 'object', object }],
      accepted: answer => [{ kind: 'object', object: made(answer.segmentId) }],
      // An earlier call that nobody answered may still have made one.
      refused: [
        recorded ? { kind: 'object', object: recorded } : { kind: 'drop-object', address: object.address },
      ],
    },
  )
  return made(segmentId)
}

/** Waits between looks at the segment: what is written to Customer.io is not read back at once. */
const READ_BACK_WAITS_MS = [0, 500, 1_000, 2_000, 4_000]

const fill = async (run: Run, object: MadeSource): Promise<ChangeResult> => {
  const wanted = [...run.workspace.qa.testers].sort(compareText)
  await changePeople(run, object, 'add', wanted)
  const present = await readIds(run, object)
  await changePeople(
    run,
    object,
    'remove',
    [...present].filter(id => !wanted.includes(id)),
  )
  const missing = await countMissing(run, object, wanted)
  if (missing === wanted.length && missing > 0)
    return { kind: 'waiting', why: `Customer.io shows none of its ${missing} testers` }
  await run.store.commit([
    { kind: 'object', object: { ...object, status: 'seen' } },
    journal(
      run,
      { address: object.address, operation: 'verify source segment', count: wanted.length - missing },
      'accepted',
    ),
  ])
  if (missing === 0) return { kind: 'done' }
  return {
    kind: 'done',
    note: `${missing} of ${wanted.length} testers are not in it: Customer.io ignores ids that belong to nobody`,
  }
}

const changePeople = async (
  run: Run,
  object: MadeSource,
  direction: Direction,
  ids: readonly string[],
): Promise<void> => {
  for (let from = 0; from < ids.length; from += MOST_IDS_PER_CALL) {
    stopIfAborted(run.signal)
    const batch = ids.slice(from, from + MOST_IDS_PER_CALL)
    await makeJournalledCall(
      run,
      { address: object.address, operation: 'fill source segment', count: batch.length },
      () => run.writer.source.changePeople(Number(object.remoteId), direction, batch),
      { accepted: () => [] },
    )
  }
}

const countMissing = async (run: Run, object: MadeSource, wanted: readonly string[]): Promise<number> => {
  let missing = wanted.length
  for (const waitMs of READ_BACK_WAITS_MS) {
    if (waitMs > 0) await run.clock.sleep(waitMs, run.signal)
    stopIfAborted(run.signal)
    const present = await readIds(run, object)
    missing = wanted.filter(id => !present.has(id)).length
    if (missing === 0) break
  }
  return missing
}

/** A manual segment of testers is small: its ids may be held in memory. */
const readIds = async (run: Run, { remoteId }: MadeSource): Promise<ReadonlySet<string>> => {
  const ids = new Set<string>()
  let start: string | undefined
  do {
    const page = await run.reader.source.readPeoplePage(Number(remoteId), start)
    for (const { id } of page.people) if (id !== undefined) ids.add(id)
    // A cursor that leads nowhere would never end.
    if (page.next === start || page.people.length === 0) break
    start = page.next
  } while (start !== undefined)
  return ids
}

/** Deletes what muster made and nothing uses; everything else is left where it is. */
export const retireSource = async (run: Run, change: Change): Promise<ChangeResult> => {
  const object = requireRecorded(await run.store.readState(), change.address)
  const { remoteId, address } = object
  const drop = { kind: 'drop-object', address } as const
  const why = remoteId === undefined ? 'it was never made' : await reasonToKeep(run, object, Number(remoteId))
  if (why !== undefined || remoteId === undefined) {
    await run.store.commit([drop, journal(run, { address, operation: 'forget source' }, 'accepted')])
    return { kind: 'done', note: `left in Customer.io: ${why}` }
  }
  await makeJournalledCall(
    run,
    { address, operation: 'delete source segment' },
    () => run.writer.source.deleteSegment(Number(remoteId)),
    { accepted: () => [] },
  )
  if (await run.reader.source.readSegment(Number(remoteId)))
    return { kind: 'waiting', why: 'Customer.io took the call, and still shows it' }
  await run.store.commit([drop])
  return { kind: 'done', note: 'deleted in Customer.io' }
}

/** Other segments that are built on it, and ad audiences, are not told by the API: see the adapter's audit. */
const reasonToKeep = async (
  run: Run,
  object: RecordedObject,
  segmentId: number,
): Promise<string | undefined> => {
  if (object.origin === 'adopted') return 'muster did not make it'
  const { objects } = await run.store.readState()
  const readers = [...objects.values()].filter(each => each.attributes.source_segment === segmentId)
  if (readers.length > 0) return `${readers.map(({ address }) => address).join(', ')} reads it`
  const use = await run.reader.source.readSegmentUse(segmentId)
  const used = (use?.campaigns ?? 0) + (use?.newsletters ?? 0)
  return used > 0 ? `${used} campaigns or newsletters use it` : undefined
}
