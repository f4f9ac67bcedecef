import { unreachable } from '../model/invariant.ts'
import { type Change, OPERATIONS, type PlanCost, type PlannedCall } from '../model/plan.ts'
import type { RecordedState } from '../model/recorded.ts'
import type { Workspace } from '../model/workspace.ts'
import { MOST_IDS_PER_CALL } from '../ports.ts'
import { changesDefinition } from './adopt.ts'
import { LISTED } from './diff.ts'

/** A batch holds about this many members when identifiers are as long as a UUID: 120,000 bytes by 47. */
const MEMBERS_PER_CALL = 2_500

type Draft = Omit<Change, 'calls'>

/** The write calls that applying a change makes, in order. Member counts are those of the ledger when it was planned. */
export const planCalls = (change: Draft, recorded: RecordedState): readonly PlannedCall[] => {
  switch (change.kind) {
    case 'binding':
      return []
    case 'source':
      return callsOfSource(change, recorded)
    case 'cohort':
      return callsOfCohort(change, recorded)
    case 'sendable':
      return callsOfSendable(change, recorded)
    default:
      return unreachable(change.kind)
  }
}

const once = (operation: PlannedCall['operation']): PlannedCall => ({ operation, calls: 1 })

/** Batches of people; none when there is nobody. */
const batches = (operation: PlannedCall['operation'], members: number, perCall: number): PlannedCall[] =>
  members === 0 ? [] : [{ operation, calls: Math.ceil(members / perCall), members }]

const callsOfSource = (change: Draft, { objects }: RecordedState): readonly PlannedCall[] => {
  const recorded = objects.get(change.from ?? change.address)
  const attributeOf = (name: string) => change.attributes.find(({ attribute }) => attribute === name)
  const people = Number(attributeOf('people')?.after ?? recorded?.attributes.people ?? 0)
  const listing = attributeOf(LISTED)
  // Filled anew when it was never read back, too.
  const isFilled = listing !== undefined || attributeOf('people_digest') !== undefined
  const fill = isFilled ? batches('fill source segment', people, MOST_IDS_PER_CALL) : []
  const isUnmade = listing !== undefined && listing.before !== 'now' && recorded?.remoteId === undefined
  switch (change.action) {
    case 'create':
      return [once('create source segment'), ...fill]
    case 'adopt':
    case 'update':
    case 'rename':
      return isUnmade ? [once('create source segment'), ...fill] : fill
    case 'retire':
      return recorded?.origin === 'created' && recorded.remoteId !== undefined
        ? [once('delete source segment')]
        : []
    case 'forget':
    case 'none':
      return []
    default:
      return unreachable(change.action)
  }
}

const callsOfCohort = (change: Draft, recorded: RecordedState): readonly PlannedCall[] => {
  switch (change.action) {
    case 'create':
      return [once('create cohort')]
    case 'update':
      return isListedNow(change) ? [] : [once('create cohort')]
    case 'rename': {
      if (!change.attributes.some(({ attribute }) => attribute === 'cohort_id')) return []
      const former = change.from === undefined ? change.audience : audienceOfAddress(change.from)
      const members = recorded.members.get(former) ?? 0
      return members === 0 ? [once('create cohort')] : batches('add members', members, MEMBERS_PER_CALL)
    }
    case 'retire': {
      const members = recorded.members.get(ledgerKeyNow(change, recorded)) ?? 0
      return [...batches('remove members', members, MEMBERS_PER_CALL), ...archive(change, recorded)]
    }
    case 'adopt':
    case 'forget':
    case 'none':
      return []
    default:
      return unreachable(change.action)
  }
}

const audienceOfAddress = (address: string): string => address.slice(address.indexOf('.') + 1)

/** A cohort that this very plan leaves behind still has its members under its audience's own key. */
const ledgerKeyNow = ({ address, audience, attributes }: Draft, { objects }: RecordedState): string => {
  if (objects.has(address)) return audience
  const name = attributes.find(({ attribute }) => attribute === 'name')?.before
  const former = [...objects.values()].find(
    ({ kind, attributes: own }) => kind === 'cohort' && own.name === name,
  )
  return former?.audience ?? audience
}

/** What was never listed may have nothing to archive; when it is found by then, it costs a call more. */
const archive = (change: Draft, { objects }: RecordedState): readonly PlannedCall[] => {
  const object = objects.get(change.address)
  return object && object.remoteId === undefined ? [] : [once('archive segment')]
}

const isListedNow = ({ attributes }: Draft): boolean =>
  attributes.some(({ attribute, before }) => attribute === LISTED && before === 'now')

const callsOfSendable = (change: Draft, recorded: RecordedState): readonly PlannedCall[] => {
  switch (change.action) {
    case 'create':
      return [once('create sendable segment')]
    case 'update':
      return [once('update sendable segment')]
    case 'rename':
      return change.attributes.some(({ attribute }) => attribute !== 'address')
        ? [once('update sendable segment')]
        : []
    case 'adopt':
      return changesDefinition(change) ? [once('update sendable segment')] : []
    case 'retire':
      return archive(change, recorded)
    case 'forget':
    case 'none':
      return []
    default:
      return unreachable(change.action)
  }
}

/** What the vendors allow. Source: the vendors' fact sheets, MoEngage 2.2 and 3.3, Customer.io 1. */
const VENDOR_LIMITS = { cohortPerMinute: 300, segmentPerMinute: 50, sourcePerMinute: 600 }

/** Adds the calls up, and how long they take when each waits for its turn. */
export const estimateCost = (
  changes: readonly Pick<Change, 'kind' | 'calls'>[],
  { rates }: Workspace,
): PlanCost => {
  const calls = changes.flatMap(change => change.calls)
  const count = (isCounted: (call: PlannedCall) => boolean): number =>
    calls.filter(isCounted).reduce((sum, each) => sum + each.calls, 0)
  const cohortCalls = count(({ operation }) => COHORT_OPERATIONS.has(operation))
  const sourceCalls = count(({ operation }) => OPERATIONS[operation] === 'customerio')
  const segmentCalls = count(() => true) - cohortCalls - sourceCalls
  return {
    cohortCalls,
    segmentCalls,
    sourceCalls,
    minutes: Math.ceil(
      Math.max(
        (cohortCalls + segmentCalls) / rates.moengagePerMinute,
        sourceCalls / (rates.customerioPerSecond * 60),
      ),
    ),
    minutesAtVendorLimits: Math.ceil(
      Math.max(
        cohortCalls / VENDOR_LIMITS.cohortPerMinute,
        segmentCalls / VENDOR_LIMITS.segmentPerMinute,
        sourceCalls / VENDOR_LIMITS.sourcePerMinute,
      ),
    ),
  }
}

const COHORT_OPERATIONS: ReadonlySet<PlannedCall['operation']> = new Set([
  'create cohort',
  'add members',
  'remove members',
])
