import type { Audience, AudienceId } from '../model/audience.ts'
import { EMPTY_STATE, type RecordedObject, type RecordedState } from '../model/recorded.ts'
import type { Instant } from '../model/time.ts'
import type { Workspace } from '../model/workspace.ts'
import type { DiffInput, DraftChange } from './draft.ts'
import { buildDesired, type DesiredObject } from './graph.ts'
import { chooseCohortId } from './lineage.ts'

/**
 * The record as it would be had these specs been applied: what a plan without a store compares with. Nobody knows
 * whether they were, so every value of it counts as unknown: see `doubt`.
 */
export const assumeApplied = (
  workspace: Workspace,
  audiences: readonly Audience[],
  now: Instant,
): RecordedState => ({
  ...EMPTY_STATE,
  objects: new Map(
    buildDesired(workspace, audiences).map(({ address, kind, audience, attributes }) => {
      const object: RecordedObject = {
        address,
        kind,
        audience,
        attributes:
          kind === 'cohort' ? { ...attributes, cohort_id: firstCohortId(workspace, audience) } : attributes,
        status: 'seen',
        recordedAt: now,
        origin: 'created',
      }
      return [address, object] as const
    }),
  ),
})

/** What it would be had it never been renamed. */
const firstCohortId = (workspace: Workspace, audience: AudienceId): string =>
  chooseCohortId(workspace, audience, new Set())

/** A change without keys and without a store: what differs between two sets of files, and nothing that is known. */
export const doubt = ({ compared, attributes, ...draft }: DraftChange): DraftChange => ({
  ...draft,
  attributes: attributes.map(({ recordedAt: _assumed, ...change }) => ({ ...change, belief: 'unknown' })),
  compared: compared.map(() => ({ belief: 'unknown' })),
})

/** Declared, and compared with nothing: neither new nor unchanged. */
export const leaveUncompared = ({
  desired,
  suspended,
}: Pick<DiffInput, 'desired' | 'suspended'>): readonly DraftChange[] => [
  ...desired.map(object => leave(object, 'declared; there was nothing to compare it with')),
  ...suspended.map(object => leave(object, 'suspended: left as it is')),
]

const leave = ({ address, kind, audience, attributes }: DesiredObject, reason: string): DraftChange => ({
  address,
  kind,
  audience,
  action: 'none',
  reason,
  attributes: [],
  compared: Object.keys(attributes).map(() => ({ belief: 'unknown' })),
})
