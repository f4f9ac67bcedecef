import { sayCount, sayMoment } from './sentence.ts'
import { type AudienceCheck, latestOf } from './watched.ts'

/** The declared bounds of an ordinary day. They are those of everybody, so that a canary is not held against them. */
export const checkSizeBounds: AudienceCheck = watched => {
  const { id, size } = watched.audience
  const latest = latestOf(watched)
  if (!size || latest?.stage !== 'live') return undefined
  const { members } = latest
  if (members >= size.min && members <= size.max) return undefined
  return {
    code: 'monitor/size',
    audience: id,
    summary: 'Size is not what the file says',
    detail: `${id}: ${sayCount(members)} members at ${sayMoment(latest.at)}, declared are ${sayCount(size.min)} to ${sayCount(size.max)}.`,
    hint: `look at the segment, or change size in ${id}.yaml`,
  }
}
