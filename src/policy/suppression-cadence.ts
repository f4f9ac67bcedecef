import type { Audience } from '../model/audience.ts'
import { formatDuration } from '../model/time.ts'
import type { Objection, Policy } from './policy.ts'
import { isSynced } from './reach.ts'

/** Between two syncs of a suppression, whoever joins its segment is still messaged. */
export const suppressionCadencePolicy: Policy = {
  code: 'policy/suppression-cadence',
  summary: 'Suppression lags behind what relies on it',
  recommendation: 'A suppression is synced at least as often as every audience that leaves it out.',
  severity: 'warning',
  judges: 'specs',
  judge: ({ audiences }) =>
    audiences.filter(isSynced).flatMap(suppression => {
      const faster = audiences.filter(
        audience =>
          isSynced(audience) &&
          audience.suppressedBy.includes(suppression.id) &&
          audience.timing.syncEveryMs < suppression.timing.syncEveryMs,
      )
      const [fastest] = faster.toSorted((a, b) => a.timing.syncEveryMs - b.timing.syncEveryMs)
      return fastest ? [object(suppression, fastest)] : []
    }),
}

const object = (suppression: Audience, fastest: Audience): Objection => {
  const cadence = formatDuration(suppression.timing.syncEveryMs)
  const needed = formatDuration(fastest.timing.syncEveryMs)
  return {
    detail: `"${fastest.id}" leaves its people out and is synced every ${needed}, this one every ${cadence}: whoever joins it can still be messaged for up to ${cadence}.`,
    hint: `write sync_every: ${needed}`,
    audience: suppression.id,
    path: ['timing', 'sync_every'],
  }
}
