import type { Audience } from '../model/audience.ts'
import { EMPTY_STATE, type RecordedObject, type RecordedState } from '../model/recorded.ts'
import type { Instant } from '../model/time.ts'
import type { Workspace } from '../model/workspace.ts'
import type { DraftChange } from './diff.ts'
import { buildDesired, type DesiredObject } from './graph.ts'

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
        attributes,
        status: 'seen',
        recordedAt: now,
        origin: 'created',
      }
      return [address, object] as const
    }),
  ),
})

/** A change without keys and without a store: what differs between two sets of files, and nothing that is known. */
export const doubt = ({ compared, attributes, ...draft }: DraftChange): DraftChange => ({
  ...draft,
  attributes: attributes.map(({ recordedAt: _assumed, ...change }) => ({ ...change, belief: 'unknown' })),
  compared: compared.map(() => ({ belief: 'unknown' })),
})

/** Declared, and compared with nothing: neither new nor unchanged. */
export const leaveUncompared = ({ address, kind, audience, attributes }: DesiredObject): DraftChange => ({
  address,
  kind,
  audience,
  action: 'none',
  reason: 'declared; there was nothing to compare it with',
  attributes: [],
  compared: Object.keys(attributes).map(() => ({ belief: 'unknown' })),
})
