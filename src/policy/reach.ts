import type { Audience } from '../model/audience.ts'

/** Whether anybody but testers is sent: in the stages `canary` and `live`, unless the audience is suspended. */
export const reachesCustomers = ({ rollout: { stage }, isSuspended }: Audience): boolean =>
  !isSuspended && (stage.kind === 'live' || stage.kind === 'canary')

/** Whether a sync takes its turn with it at all. */
export const isSynced = ({ rollout: { stage }, isSuspended }: Audience): boolean =>
  !isSuspended && stage.kind !== 'paused'
