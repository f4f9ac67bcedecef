import type { Audience, AudienceId } from '../model/audience.ts'
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
  judge: ({ audiences }) => {
    const fastest = findFastest(audiences)
    return audiences.filter(isSynced).flatMap(suppression => {
      const audience = fastest.get(suppression.id)
      if (!audience || audience.timing.syncEveryMs >= suppression.timing.syncEveryMs) return []
      return [object(suppression, audience)]
    })
  },
}

/** For each audience that others leave out, the one of them that is synced most often. */
const findFastest = (audiences: readonly Audience[]): ReadonlyMap<AudienceId, Audience> => {
  const fastest = new Map<AudienceId, Audience>()
  for (const audience of audiences.filter(isSynced)) {
    for (const id of audience.suppressedBy) {
      const known = fastest.get(id)
      if (!known || audience.timing.syncEveryMs < known.timing.syncEveryMs) fastest.set(id, audience)
    }
  }
  return fastest
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
