import { type Audience, sendableName } from '../model/audience.ts'
import { compareText } from '../model/diagnostic.ts'
import { failureOf } from '../model/failure.ts'
import { invariant } from '../model/invariant.ts'
import type { ChangeResult } from '../model/outcome.ts'
import { type Address, type Attributes, audienceOfKey, type Change } from '../model/plan.ts'
import type { RecordedObject, RecordedState } from '../model/recorded.ts'
import type { StoreWrite } from '../model/store-write.ts'
import { audienceOf } from '../plan/address.ts'
import { changesDefinition } from '../plan/adopt.ts'
import { describeSendable } from '../plan/describe.ts'
import { digestOf } from '../plan/digest.ts'
import { isGone } from '../plan/listing.ts'
import type { ObservedSendable, SendableDefinition } from '../ports.ts'
import { stopIfAborted } from './interrupt.ts'
import { journal, makeJournalledCall, type Run } from './run.ts'
import {
  buryFormer,
  formerNames,
  type RemoteObject,
  restore,
  type SendableCall,
  settle,
} from './sendable-record.ts'

/** Creates, adopts, renames or re-points the filter segment that campaigns target: the cohort less its suppressions. */
export const applySendable = async (
  run: Run,
  change: Change,
  audience: Audience | undefined,
): Promise<ChangeResult> => {
  invariant(audience, `${change.address} is changed without a spec`)
  const state = await run.store.readState()
  const recorded = state.objects.get(change.address)
  // All of it, not the difference laid over what we recorded: somebody may have changed the rest in MoEngage.
  const attributes = { ...describeSendable(audience), name: nameOf(change, recorded, audience) }
  const missing = referencesOf(attributes).filter(address => !isUsable(state.objects.get(address)))
  if (missing.length > 0) {
    return { kind: 'waiting', why: `needs ${missing.join(', ')}, which MoEngage does not list yet` }
  }
  const unsynced = recorded ? findUnsynced(recorded.attributes, attributes, state) : []
  if (unsynced.length > 0) {
    return { kind: 'waiting', why: `${unsynced.join(', ')} was never synced: sync once, then apply again` }
  }
  const definition = defineSendable(attributes, state)
  const object: RecordedObject = {
    address: change.address,
    kind: 'sendable',
    audience: change.audience,
    attributes,
    status: 'pending',
    recordedAt: run.now,
    origin: recorded?.origin ?? (change.action === 'adopt' ? 'adopted' : 'created'),
  }
  const remoteId = isGone(change)
    ? undefined
    : (change.remoteId ?? (recorded && (await findRemoteId(run, recorded, definition))))
  const before = change.attributes.find(({ attribute }) => attribute === 'name')?.before
  const shownName = typeof before === 'string' ? before : undefined
  if (remoteId === undefined) return createSendable(run, { object, recorded, shownName, definition })
  const call = { object: { ...object, remoteId }, recorded, shownName, definition }
  if (change.action === 'adopt' && !changesDefinition(change)) return adoptSendable(run, call)
  try {
    return await updateSendable(run, call)
  } catch (error) {
    return replaceFrozen(run, call, error)
  }
}

/** As planned: of a later generation than the spec's, where one before was lost. */
const nameOf = (change: Change, recorded: RecordedObject | undefined, audience: Audience): string => {
  const planned = change.attributes.find(({ attribute }) => attribute === 'name')?.after
  return String(planned ?? recorded?.attributes.name ?? sendableName(audience.name))
}

/** An archived segment cannot be changed. Under another name another one can be made, which is what the plan says. */
const replaceFrozen = async (
  run: Run,
  call: SendableCall<RemoteObject>,
  error: unknown,
): Promise<ChangeResult> => {
  const isRenamed = call.recorded !== undefined && call.recorded.attributes.name !== call.definition.name
  if (failureOf(error)?.code !== 'provider/segment-frozen' || !isRenamed) throw error
  const { remoteId: _frozen, ...object } = call.object
  const result = await createSendable(run, { ...call, object })
  return result.kind === 'done'
    ? { ...result, note: 'the former one is archived and cannot be changed: made anew' }
    : result
}

/**
 * Suppressions that would take the place of others before anybody was sent to them: in between, people would be
 * messaged whom neither leaves out.
 */
const findUnsynced = (
  before: Attributes,
  after: Attributes,
  { synced }: RecordedState,
): readonly string[] => {
  // A cohort that takes the place of its former self holds everyone of it.
  const was = exclusionsOf(before).map(audienceOfKey)
  const is = exclusionsOf(after)
  if (was.every(address => is.includes(address))) return []
  return is.filter(address => !was.includes(address) && !synced.has(audienceOf(address)))
}

const exclusionsOf = ({ exclude }: Attributes): readonly string[] => (Array.isArray(exclude) ? exclude : [])

/** Listed by MoEngage, and with everyone in it who should be there before something points at it. */
const isUsable = (object: RecordedObject | undefined): boolean =>
  object?.remoteId !== undefined && object.carriesFrom === undefined

/**
 * A pending one may exist although no answer came: creating it again would only meet its own name. It may also not
 * exist although there was an answer.
 */
const findRemoteId = async (
  run: Run,
  { attributes, remoteId, status }: RecordedObject,
  { name }: SendableDefinition,
): Promise<string | undefined> => {
  if (remoteId !== undefined && (status === 'seen' || (await run.reader.destination.readSendable(remoteId))))
    return remoteId
  const segments = await run.reader.destination.listSegments()
  // It may stand there under the name that it had when the call was made.
  const find = (wanted: unknown) => segments.find(segment => segment.name === wanted)?.remoteId
  return find(attributes.name) ?? find(name)
}

/** How long to wait between looks at what was written; how soon it is shown is not documented. */
const READ_BACK_WAITS_MS = [0, 1_000, 2_000, 4_000]

/** Taken is not done: it stays pending until MoEngage shows it as it was written. */
const readBack = async (run: Run, call: SendableCall<RemoteObject>): Promise<ChangeResult> => {
  for (const waitMs of READ_BACK_WAITS_MS) {
    if (waitMs > 0) await run.clock.sleep(waitMs, run.signal)
    stopIfAborted(run.signal)
    const shown = await run.reader.destination.readSendable(call.object.remoteId)
    if (!shown || !isAsWritten(shown, call.definition)) continue
    await run.store.commit(settle(run, call))
    return { kind: 'done' }
  }
  return { kind: 'waiting', why: 'accepted by MoEngage, which does not show it like that yet' }
}

const isAsWritten = (shown: ObservedSendable, written: SendableDefinition): boolean =>
  shown.kind === 'sendable' &&
  shown.name === written.name &&
  shown.include === written.include &&
  digestOf([...shown.exclude].sort(compareText)) === digestOf([...written.exclude].sort(compareText))

const createSendable = async (run: Run, call: SendableCall<RecordedObject>): Promise<ChangeResult> => {
  const made = (remoteId: string): RemoteObject => ({ ...call.object, remoteId })
  try {
    const { remoteId } = await makeJournalledCall(
      run,
      { address: call.object.address, operation: 'create sendable segment' },
      () => run.writer.destination.createSendable(call.definition),
      {
        // The record forgets here what it was called before.
        intent: [{ kind: 'object', object: call.object }, ...buryFormer(run, call)],
        accepted: answer => [{ kind: 'object', object: made(answer.remoteId) }],
        refused: [
          restore(call),
          ...formerNames(call).map(name => ({ kind: 'drop-tombstone', name }) satisfies StoreWrite),
        ],
      },
    )
    return await readBack(run, { ...call, object: made(remoteId) })
  } catch (error) {
    return takeOwnTwin(run, call, error)
  }
}

/**
 * MoEngage allows one segment for one set of filters. When the one that stands in the way carries the name that was
 * wanted, it is what an unanswered call of ours has made.
 */
const takeOwnTwin = async (
  run: Run,
  call: SendableCall<RecordedObject>,
  error: unknown,
): Promise<ChangeResult> => {
  const conflict = failureOf(error)?.conflict
  if (!call.recorded || conflict?.name !== call.definition.name) throw error
  return adoptSendable(run, { ...call, object: { ...call.object, remoteId: conflict.remoteId } })
}

const updateSendable = async (run: Run, call: SendableCall<RemoteObject>): Promise<ChangeResult> => {
  await makeJournalledCall(
    run,
    { address: call.object.address, operation: 'update sendable segment' },
    () => run.writer.destination.updateSendable(call.object.remoteId, call.definition),
    {
      intent: [
        {
          kind: 'object',
          object: { ...call.object, attributes: call.recorded?.attributes ?? call.object.attributes },
        },
      ],
      accepted: () => [],
      refused: [restore(call)],
    },
  )
  return readBack(run, call)
}

/** It is as it should be: only our record is new. */
const adoptSendable = async (run: Run, call: SendableCall<RemoteObject>): Promise<ChangeResult> => {
  await run.store.commit([
    ...settle(run, call),
    { kind: 'drop-tombstone', name: call.definition.name },
    journal(run, { address: call.object.address, operation: 'adopt sendable segment' }, 'accepted'),
  ])
  return { kind: 'done' }
}

const referencesOf = ({ include, exclude }: Attributes): Address[] =>
  // Written by the planner as addresses; a plan holds them as text.
  [include, ...(Array.isArray(exclude) ? exclude : [])].map(address => String(address) as Address)

const defineSendable = (attributes: Attributes, state: RecordedState): SendableDefinition => {
  const [include, ...exclude] = referencesOf(attributes).map(address => {
    const remoteId = state.objects.get(address)?.remoteId
    invariant(remoteId !== undefined, `${address} has no id`)
    return remoteId
  })
  invariant(include !== undefined, 'a sendable segment includes one cohort')
  return { name: String(attributes.name), include, exclude }
}
