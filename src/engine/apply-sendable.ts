import type { Audience } from '../model/audience.ts'
import { invariant } from '../model/invariant.ts'
import type { ChangeResult } from '../model/outcome.ts'
import type { Address, Attributes, Change } from '../model/plan.ts'
import type { RecordedObject, RecordedState } from '../model/recorded.ts'
import { describeSendable } from '../plan/graph.ts'
import { findByName } from '../plan/observed.ts'
import type { SendableDefinition, StoreWrite } from '../ports.ts'
import { makeJournalledCall, type Run } from './run.ts'

/** Creates or re-points the filter segment that campaigns target: the cohort less its suppressions. */
export const applySendable = async (
  run: Run,
  change: Change,
  audience: Audience | undefined,
): Promise<ChangeResult> => {
  invariant(audience, `${change.address} is changed without a spec`)
  const state = await run.store.readState()
  const recorded = state.objects.get(change.address)
  // All of it, not the difference laid over what we recorded: somebody may have changed the rest in MoEngage.
  const { attributes } = describeSendable(audience)
  const missing = referencesOf(attributes).filter(
    address => state.objects.get(address)?.remoteId === undefined,
  )
  if (missing.length > 0) {
    return { kind: 'waiting', why: `needs ${missing.join(', ')}, which MoEngage does not list yet` }
  }
  const definition = defineSendable(attributes, state)
  const object: RecordedObject = {
    address: change.address,
    kind: 'sendable',
    audience: change.audience,
    attributes,
    status: 'pending',
    recordedAt: run.now,
  }
  const remoteId = recorded && (recorded.remoteId ?? (await findRemoteId(run, definition.name)))
  await (remoteId === undefined
    ? createSendable(run, { object, recorded, definition })
    : updateSendable(run, { object: { ...object, remoteId }, recorded, definition }))
  return { kind: 'done' }
}

/** A pending one may exist although no answer came: creating it again would only meet its own name. */
const findRemoteId = async (run: Run, name: string): Promise<string | undefined> =>
  findByName(await run.reader.destination.listSegments(), name)?.remoteId

interface SendableCall<T extends RecordedObject> {
  /** As it is recorded while the outcome is open. */
  readonly object: T
  readonly recorded: RecordedObject | undefined
  readonly definition: SendableDefinition
}

/** What stands after a refusal is what stood before it. */
const restore = ({ object, recorded }: SendableCall<RecordedObject>): StoreWrite =>
  recorded ? { kind: 'object', object: recorded } : { kind: 'drop-object', address: object.address }

const createSendable = (run: Run, call: SendableCall<RecordedObject>): Promise<unknown> =>
  makeJournalledCall(
    run,
    { address: call.object.address, operation: 'create sendable segment' },
    () => run.writer.createSendable(call.definition),
    {
      intent: [{ kind: 'object', object: call.object }],
      accepted: ({ remoteId }) => [{ kind: 'object', object: { ...call.object, status: 'seen', remoteId } }],
      refused: [restore(call)],
    },
  )

const updateSendable = (
  run: Run,
  call: SendableCall<RecordedObject & { remoteId: string }>,
): Promise<unknown> =>
  makeJournalledCall(
    run,
    { address: call.object.address, operation: 'update sendable segment' },
    () => run.writer.updateSendable(call.object.remoteId, call.definition),
    {
      intent: [{ kind: 'object', object: call.object }],
      accepted: () => [{ kind: 'object', object: { ...call.object, status: 'seen' } }],
      refused: [restore(call)],
    },
  )

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

/** Asks for the archive and remembers the name: MoEngage never gives one twice. */
export const retireSendable = async (run: Run, change: Change): Promise<ChangeResult> => {
  const object = (await run.store.readState()).objects.get(change.address)
  invariant(object, `${change.address} is retired, but was never recorded`)
  const name = String(object.attributes.name)
  const remoteId = object.remoteId ?? (await findRemoteId(run, name))
  if (remoteId === undefined) {
    await run.store.commit([{ kind: 'drop-object', address: change.address }])
    return { kind: 'done', note: 'MoEngage never listed it, so there is nothing to archive' }
  }
  const archived = await makeJournalledCall(
    run,
    { address: change.address, operation: 'retire sendable segment' },
    () => run.writer.retireSegment({ remoteId, name }),
    {
      accepted: () => [
        { kind: 'drop-object', address: change.address },
        { kind: 'tombstone', tombstone: { name, address: change.address, retiredAt: run.now } },
      ],
    },
  )
  return { kind: 'done', note: `archive ${archived} by MoEngage` }
}
