import type { Audience } from '../model/audience.ts'
import { fail } from '../model/failure.ts'
import { invariant } from '../model/invariant.ts'
import type { ChangeResult } from '../model/outcome.ts'
import type { Change, Operation } from '../model/plan.ts'
import type { RecordedObject } from '../model/recorded.ts'
import type { StoreWrite } from '../model/store-write.ts'
import type { SourceSegment } from '../ports.ts'
import { afterChange } from './apply-attributes.ts'
import { requireRecorded } from './apply-record.ts'
import { fillSource, type MadeSource } from './fill-source.ts'
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
  if (remoteId === undefined && !isPlanned(change, 'create source segment'))
    return { kind: 'waiting', why: 'Customer.io no longer shows it, and the plan does not make it anew' }
  const made =
    remoteId === undefined
      ? await createSource(run, { object, recorded, audience })
      : await keepOpen(run, { ...object, remoteId }, recorded)
  return fillSource(run, made, change)
}

const isPlanned = ({ calls }: Change, wanted: Operation): boolean =>
  calls.some(({ operation }) => operation === wanted)

/**
 * Recorded as pending until its people were read back: a run that is cut off goes on from here. Until then it is not
 * known for certain whom of the former testers it holds, so the record does not say.
 */
const keepOpen = async (
  run: Run,
  object: MadeSource,
  recorded: RecordedObject | undefined,
): Promise<MadeSource> => {
  const { people: _people, people_digest: digest, ...rest } = object.attributes
  const attributes = !recorded || recorded.attributes.people_digest === digest ? object.attributes : rest
  await run.store.commit([
    { kind: 'object', object: { ...object, attributes } },
    ...(recorded ? [] : [dropLedger(object)]),
  ])
  return object
}

/** Whom muster put in, under the segment's own address. */
const dropLedger = ({ address }: RecordedObject): StoreWrite => ({ kind: 'drop-ledger', audience: address })

/**
 * The one that was made, unless somebody has deleted it: a list that leaves it out is no proof of that. One whose id is
 * known is never looked for by its name: whatever carries that is somebody else's.
 */
const findOwn = async (run: Run, { attributes, remoteId }: RecordedObject): Promise<string | undefined> => {
  if (remoteId !== undefined && (await run.reader.source.readSegment(Number(remoteId)))) return remoteId
  const segments = await run.reader.source.listSegments()
  const named = segments.filter(({ type, name }) => type === 'manual' && name === attributes.name)
  if (remoteId === undefined) return findUnanswered(run, named)
  return named.length === 0 ? undefined : refuseTaken(String(attributes.name))
}

/** A call without an answer may have made one: names are not unique there, so another call would make a second. */
const findUnanswered = async (run: Run, named: readonly SourceSegment[]): Promise<string | undefined> => {
  const { objects } = await run.store.readState()
  const taken = new Set(
    [...objects.values()].filter(({ kind }) => kind === 'source').map(each => each.remoteId),
  )
  const [found, another] = named.filter(({ segmentId }) => !taken.has(String(segmentId)))
  if (found && another) return refuseAmbiguous(found.name)
  return found && String(found.segmentId)
}

const refuseTaken = (name: string): never =>
  fail({
    origin: 'customerio',
    code: 'source/taken',
    detail: `Our manual segment "${name}" is gone from Customer.io, and another one has its name: it is somebody else's.`,
    hint: 'delete or rename it in Customer.io, then plan again',
    retryable: false,
  })

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
      // Whoever was in a former one is not in this one.
      intent: [{ kind: 'object', object }, dropLedger(object)],
      accepted: answer => [{ kind: 'object', object: made(answer.segmentId) }],
      // An earlier call that nobody answered may still have made one.
      refused: [
        recorded ? { kind: 'object', object: recorded } : { kind: 'drop-object', address: object.address },
      ],
    },
  )
  return made(segmentId)
}

/** Deletes what the plan says, muster made and nothing uses; everything else is left where it is. */
export const retireSource = async (run: Run, change: Change): Promise<ChangeResult> => {
  const object = requireRecorded(await run.store.readState(), change.address)
  const { remoteId, address } = object
  const drop: readonly StoreWrite[] = [{ kind: 'drop-object', address }, dropLedger(object)]
  const why = remoteId === undefined ? 'it was never made' : await reasonToKeep(run, object, change)
  if (why !== undefined || remoteId === undefined) {
    await run.store.commit([...drop, journal(run, { address, operation: 'forget source' }, 'accepted')])
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
  await run.store.commit(drop)
  return { kind: 'done', note: 'deleted in Customer.io' }
}

/** Other segments that are built on it, and ad audiences, are not told by the API: see the adapter's audit. */
const reasonToKeep = async (
  run: Run,
  object: RecordedObject,
  change: Change,
): Promise<string | undefined> => {
  const segmentId = Number(object.remoteId)
  if (object.origin === 'adopted') return 'muster did not make it'
  const { objects } = await run.store.readState()
  const readers = [...objects.values()].filter(each => each.attributes.source_segment === segmentId)
  if (readers.length > 0) return `${readers.map(({ address }) => address).join(', ')} reads it`
  if (!isPlanned(change, 'delete source segment')) return 'the plan does not delete it'
  const use = await run.reader.source.readSegmentUse(segmentId)
  const used = (use?.campaigns ?? 0) + (use?.newsletters ?? 0)
  return used > 0 ? `${used} campaigns or newsletters use it` : undefined
}
