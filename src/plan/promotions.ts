import type { Audience, AudienceId } from '../model/audience.ts'
import type { Change, PlanEvidence, PlanValue } from '../model/plan.ts'
import type { QaEvidence, RecordedObject, RecordedState } from '../model/recorded.ts'
import type { Workspace } from '../model/workspace.ts'
import { describeTried, reachesCustomers, type Tried } from './describe.ts'
import type { Lineage } from './lineage.ts'

/** A change by which an audience begins to be sent to others than its testers. */
export interface Promotion {
  readonly change: Pick<Change, 'address' | 'audience'>
  /** The stage it is to have. */
  readonly stage: string
  readonly tried: Tried
  /** A QA run of the very same thing. */
  readonly evidence?: QaEvidence
}

export interface PromotionInput {
  readonly changes: readonly Pick<Change, 'address' | 'audience' | 'from' | 'kind' | 'attributes'>[]
  readonly audiences: readonly Audience[]
  readonly lineage: Pick<Lineage, 'recordOf'>
  readonly recorded: Pick<RecordedState, 'evidence'>
}

/**
 * From none, `qa` or `paused` to `canary` or `live`. Audiences of testers have nobody else to be promoted to, until they
 * are for somebody else.
 */
export const findPromotions = (input: PromotionInput): readonly Promotion[] => {
  const ofTesters = new Set(input.audiences.filter(({ intent }) => intent === 'qa').map(({ id }) => id))
  return input.changes.flatMap(change => {
    if (change.kind !== 'binding' || ofTesters.has(change.audience)) return []
    const former = input.lineage.recordOf(change)
    const after = attributesAfter(change, former)
    const { stage } = after
    if (stage === undefined || !reachesCustomers(stage) || !isNewToCustomers(change)) return []
    const tried = describeTried(after)
    const evidence = findEvidence(input.recorded, [change.audience, former?.audience], tried)
    return [{ change, stage: String(stage), tried, ...(evidence ? { evidence } : {}) }]
  })
}

const isNewToCustomers = ({ attributes }: Pick<Change, 'attributes'>): boolean =>
  attributes.some(
    ({ attribute, before }) =>
      (attribute === 'stage' && !reachesCustomers(before)) || (attribute === 'intent' && before === 'qa'),
  )

/** The attributes that decide what is tried, as they will be. */
const attributesAfter = (
  { attributes }: Pick<Change, 'attributes'>,
  former: RecordedObject | undefined,
): Readonly<Record<string, PlanValue | undefined>> => ({
  ...former?.attributes,
  // What is taken away is told by an empty place: a source that is no manual segment any more.
  ...Object.fromEntries(attributes.map(({ attribute, after }) => [attribute, after] as const)),
})

/** Kept under the id that the audience had when it was tried. */
const findEvidence = (
  { evidence }: Pick<RecordedState, 'evidence'>,
  ids: readonly (AudienceId | undefined)[],
  tried: Tried,
): QaEvidence | undefined =>
  ids
    .flatMap(id => (id === undefined ? [] : (evidence.get(id) ?? [])))
    .find(({ source, identifier }) => source === tried.source && identifier === tried.identifier)

/** The QA runs that promotions rest on, for the plan. */
export const describeEvidence = (
  promotions: readonly Promotion[],
  { qa }: Pick<Workspace, 'qa'>,
): readonly PlanEvidence[] =>
  promotions.flatMap(({ change: { audience }, evidence }) =>
    evidence
      ? [
          {
            audience,
            at: evidence.at,
            testers: evidence.testers ?? qa.testers.length,
            accepted: evidence.accepted,
            ...(evidence.resolved === undefined ? {} : { resolved: evidence.resolved }),
            ...(evidence.signedOff ? { signedBy: evidence.signedOff.by } : {}),
          },
        ]
      : [],
  )
