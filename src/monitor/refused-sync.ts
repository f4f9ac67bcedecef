import { sayMoment } from './sentence.ts'
import { type AudienceCheck, latestOf } from './watched.ts'

/** A guard holds something back, and only a person can decide: a sync that failed after it let nothing pass. */
export const checkRefusedSync: AudienceCheck = watched => {
  const { id } = watched.audience
  const latest = latestOf(watched)
  if (latest?.ended !== 'stopped') return undefined
  return {
    code: 'monitor/refused',
    audience: id,
    summary: 'A guard stopped the sync',
    detail: `${id}: stopped by ${latest.refused.join(', ')}, at ${sayMoment(latest.at)}.`,
    hint: `muster sync --only ${id} says its numbers, and what would let it pass`,
  }
}
