import {
  ACTIONS,
  type Action,
  type BeliefCount,
  type Change,
  type Plan,
  type PlanTarget,
  pendingChanges,
} from '../model/plan.ts'
import { formatAge, type Instant } from '../model/time.ts'
import { showLine } from './show-value.ts'
import { countOf, formatNumber } from './words.ts'

/** Both accounts that a plan speaks of. */
export const describeAccounts = (target: PlanTarget): string =>
  `Customer.io ${target.customerioRegion} → MoEngage ${target.moengageWorkspace} (data center ${target.moengageDataCenter})`

/** The one line that says what a plan comes to. `tone` decides its colour, nothing else. */
export interface Headline {
  readonly tone: 'refused' | 'pending' | 'unsure' | 'quiet'
  readonly text: string
}

/** How many changes of one action there are. */
export interface ActionCount {
  readonly action: Action
  readonly count: number
}

/** What a plan comes to. Only what was wholly read and recorded is called "No changes". */
export const chooseHeadline = (plan: Plan, counts: readonly ActionCount[]): Headline => {
  const { refusals, beliefs, drift } = plan
  if (refusals.length > 0) {
    return {
      tone: 'refused',
      text: `Refused for ${countOf(refusals.length, 'reason')}: nothing can be applied.`,
    }
  }
  if (pendingChanges(plan).length > 0) {
    return { tone: 'pending', text: `${plan.isOffline ? 'Offline plan' : 'Plan'}: ${listCounts(counts)}.` }
  }
  if (plan.isOffline && plan.changes.every(isUncompared)) {
    const audiences = new Set(plan.changes.map(({ audience }) => audience)).size
    return {
      tone: 'unsure',
      text: `${countOf(audiences, 'audience is', 'audiences are')} declared. There was nothing to compare with: give --base.`,
    }
  }
  if (beliefs.unknown > 0) {
    const also = drift.length > 0 ? ' What could be read has drifted: see above.' : ''
    return { tone: 'unsure', text: `No changes known, ${describeUnknown(beliefs, plan.plannedAt)}.${also}` }
  }
  if (drift.some(({ grade }) => grade === 'checked')) {
    return { tone: 'unsure', text: 'Nothing to apply, but there is drift: see above.' }
  }
  if (drift.length > 0)
    return { tone: 'unsure', text: 'Nothing to apply, but there are hints of drift: see above.' }
  return {
    tone: 'quiet',
    text: plan.changes.some(isSuspended)
      ? 'No changes. What is suspended is left as it is; every other declared object is recorded and listed.'
      : 'No changes. Every declared object is recorded, and MoEngage lists each one it should.',
  }
}

/** Left alone because its spec says so. The words are those that the planner gives as its reason. */
export const isSuspended = ({ action, reason }: Change): boolean =>
  action === 'none' && reason.startsWith('suspended')

/** Declared, and compared with nothing. The words are those that the planner gives as its reason. */
const isUncompared = (change: Change): boolean =>
  isSuspended(change) || (change.action === 'none' && change.reason.startsWith('declared; there was nothing'))

/** How often each action occurs, in the order of `ACTIONS`; those that do not occur, and `none`, are left out. */
export const countActions = (plan: Pick<Plan, 'changes'>): readonly ActionCount[] => {
  const counts = new Map<Action, number>()
  for (const { action } of pendingChanges(plan)) counts.set(action, (counts.get(action) ?? 0) + 1)
  // The keys of ACTIONS are its actions.
  return (Object.keys(ACTIONS) as Action[]).flatMap(action => {
    const count = counts.get(action)
    return count === undefined ? [] : [{ action, count }]
  })
}

/** `3 to create, 1 to retire`. */
const listCounts = (counts: readonly ActionCount[]): string =>
  counts.map(({ action, count }) => `${formatNumber(count)} to ${action}`).join(', ')

const describeUnknown = ({ unknown, oldestUnknownAt }: BeliefCount, now: Instant): string =>
  `${countOf(unknown, 'value')} unverified${oldestUnknownAt === undefined ? '' : `, oldest ${formatAge(oldestUnknownAt, now)}`}`

/** What the plan could not or was not to look at. Said before anything else. */
export const describeScope = ({ isOffline, only }: Plan): readonly string[] => [
  ...(isOffline
    ? [
        'Made offline, without keys and without a store. Not known: what is applied now, what Customer.io and MoEngage ' +
          'show, whether names are free, and how many people are concerned. Apply refuses this plan.',
      ]
    : []),
  ...(only.length > 0 ? [`Limited to ${only.map(showLine).join(', ')}.`] : []),
]

/** How much of what was compared can be trusted, or undefined when nothing was compared. */
export const describeBeliefs = ({ beliefs, plannedAt }: Plan): string | undefined => {
  const { read, recorded, unknown, oldestRecordedAt, oldestUnknownAt } = beliefs
  if (read + recorded + unknown === 0) return undefined
  const oldest = (at: Instant | undefined): string =>
    at === undefined ? '' : ` (oldest ${formatAge(at, plannedAt)})`
  return (
    `Beliefs: ${countOf(read, 'value')} read, ${formatNumber(recorded)} recorded${oldest(oldestRecordedAt)}, ` +
    `${formatNumber(unknown)} unknown${oldest(oldestUnknownAt)}.`
  )
}

/** Calls that applying makes and how long they take, or undefined when there is nothing to apply. */
export const describeCost = (plan: Plan): string | undefined => {
  if (pendingChanges(plan).length === 0) return undefined
  const { cohortCalls, segmentCalls, sourceCalls, minutes, minutesAtVendorLimits } = plan.cost
  const calls = [
    ...(cohortCalls > 0 ? [countOf(cohortCalls, 'cohort call')] : []),
    ...(segmentCalls > 0 ? [countOf(segmentCalls, 'segment call')] : []),
    ...(sourceCalls > 0 ? [countOf(sourceCalls, 'source call')] : []),
  ]
  if (calls.length === 0) return 'Cost: no call that writes.'
  if (plan.isOffline) return `Cost: at least ${calls.join(', ')}: without a store, nobody is counted.`
  const time =
    minutes > 1
      ? `; about ${formatNumber(minutes)} minutes at the configured rates, ${formatNumber(minutesAtVendorLimits)} at the vendors' limits`
      : ''
  return `Cost: ${calls.join(', ')}${time}.`
}
