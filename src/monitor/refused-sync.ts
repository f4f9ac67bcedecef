import { sayMoment } from './sentence.ts'
import type { AudienceCheck } from './watched.ts'

/** Since the last sync a guard holds something back, and only a person can decide. */
export const checkRefusedSync: AudienceCheck = ({ audience: { id }, counts }) => {
  const latest = counts.at(-1)
  if (latest?.ended !== 'stopped') return undefined
  return {
    code: 'monitor/refused',
    audience: id,
    summary: 'A guard stopped the sync',
    detail: `${id}: stopped by ${latest.refused.join(', ')}, at ${sayMoment(latest.at)}.`,
    hint: `muster sync --only ${id} says its numbers, and what would let it pass`,
  }
}
