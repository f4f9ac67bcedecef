import type { Audience } from '../model/audience.ts'
import { invariant } from '../model/invariant.ts'
import type { ChangeResult } from '../model/outcome.ts'
import type { Address, Change } from '../model/plan.ts'
import type { RecordedObject } from '../model/recorded.ts'
import { LISTED } from '../plan/diff.ts'
import { findByName } from '../plan/observed.ts'
import type { StoreWrite } from '../ports.ts'
import { afterChange } from './apply-attributes.ts'
import { stopIfAborted } from './interrupt.ts'
import { cohortRef, pushDelta } from './push.ts'
import { findFirstMember } from './read-members.ts'
import { makeJournalledCall, type Run } from './run.ts'

/**
 * A cohort is born with its first accepted member; an empty call may create nothing, so one rightful member of the
 * source is sent, and stands in the ledger from then on. It is recorded as pending before the call: whatever happens
 * to the call, the name is known to be ours. An update means that a pending one is looked for, and sent again.
 * Source: vendors' fact sheet for MoEngage, sections 2.4 and 8.
 */
export const createCohort = async (
  run: Run,
  change: Change,
  audience: Audience | undefined,
): Promise<ChangeResult> => {
  if (isListedNow(change)) return { kind: 'done' }
  invariant(audience, `${change.address} is created without a spec`)
  const first = audience.rollout.stage.kind === 'paused' ? undefined : await findFirstMember(run, audience)
  if (!first)
    return { kind: 'waiting', why: 'it has nobody to send yet; a cohort is born with its first member' }
  const recorded = (await run.store.readState()).objects.get(change.address)
  const object: RecordedObject = recorded ?? {
    address: change.address,
    kind: 'cohort',
    audience: audience.id,
    attributes: afterChange({}, change),
    status: 'pending',
    recordedAt: run.now,
  }
  const markFirst = (is: 'open' | 'withdrawn'): StoreWrite => ({
    kind: 'unsettled',
    audience: audience.id,
    identifier: first.identifier,
    is,
  })
  await makeJournalledCall(
    run,
    { address: change.address, operation: 'create cohort', count: 1 },
    () => run.writer.changeMembers(cohortRef(object, audience), 'add', [first.identifier]),
    {
      // A cohort that was never listed may have lost whatever it was sent before.
      intent: [
        ...(recorded ? [doubtAll(audience.id)] : [{ kind: 'object', object } as const]),
        markFirst('open'),
      ],
      accepted: () => [{ kind: 'member', audience: audience.id, member: first, at: run.now }],
      refused: [
        markFirst('withdrawn'),
        ...(recorded ? [] : [{ kind: 'drop-object', address: change.address } as const]),
      ],
    },
  )
  return { kind: 'done' }
}

const doubtAll = (audience: string): StoreWrite => ({ kind: 'doubt-all', audience })

const isListedNow = ({ attributes }: Change): boolean =>
  attributes.some(({ attribute, before }) => attribute === LISTED && before === 'now')

/** Waits between looks at MoEngage's list; how long it takes there is not documented. */
const LISTING_WAITS_MS = [0, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000]

/** Looks for every pending cohort in MoEngage's list, and records the ids found. Answers those not listed in time. */
export const confirmListed = async (run: Run): Promise<ReadonlySet<Address>> => {
  for (const waitMs of LISTING_WAITS_MS) {
    const pending = await findPending(run)
    if (pending.length === 0) break
    if (waitMs > 0) await run.clock.sleep(waitMs, run.signal)
    stopIfAborted(run.signal)
    await recordListed(run, pending)
  }
  return new Set((await findPending(run)).map(({ address }) => address))
}

const recordListed = async (run: Run, pending: readonly RecordedObject[]): Promise<void> => {
  const segments = await run.reader.destination.listSegments()
  const listed: StoreWrite[] = pending.flatMap(object => {
    const segment = findByName(segments, String(object.attributes.name))
    if (!segment) return []
    return { kind: 'object', object: { ...object, status: 'seen', remoteId: segment.remoteId } }
  })
  if (listed.length > 0) await run.store.commit(listed)
  run.reporter.report({ subject: 'MoEngage', phase: 'verify', done: listed.length, total: pending.length })
}

const findPending = async (run: Run): Promise<RecordedObject[]> => {
  const { objects } = await run.store.readState()
  return [...objects.values()].filter(({ kind, status }) => kind === 'cohort' && status === 'pending')
}

/** Removes everyone we recorded, then asks for the archive, and remembers the name for ever. */
export const retireCohort = async (run: Run, change: Change): Promise<ChangeResult> => {
  const object = (await run.store.readState()).objects.get(change.address)
  invariant(object, `${change.address} is retired, but was never recorded`)
  await removeEverybody(run, object)
  const name = String(object.attributes.name)
  const writes: StoreWrite[] = [
    { kind: 'drop-object', address: change.address },
    { kind: 'tombstone', tombstone: { name, address: change.address, retiredAt: run.now } },
  ]
  const remoteId = object.remoteId ?? findByName(await run.reader.destination.listSegments(), name)?.remoteId
  if (remoteId === undefined) {
    await run.store.commit(writes)
    return {
      kind: 'done',
      note: 'all recorded members removed; never listed, so there is nothing to archive',
    }
  }
  const archived = await makeJournalledCall(
    run,
    { address: change.address, operation: 'retire cohort' },
    () => run.writer.retireSegment({ remoteId, name }),
    { accepted: () => writes },
  )
  return { kind: 'done', note: `all recorded members removed; archive ${archived} by MoEngage` }
}

const removeEverybody = async (run: Run, object: RecordedObject): Promise<void> => {
  const spool = await run.store.openSpool(object.audience)
  const delta = await spool.computeDelta({ reassert: false })
  try {
    await pushDelta(run, { audience: object.audience, cohort: cohortRef(object) }, delta, 'remove')
  } finally {
    await delta.close()
  }
}
