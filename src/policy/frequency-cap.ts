import type { Audience } from '../model/audience.ts'
import type { Policy } from './policy.ts'
import { isSynced } from './reach.ts'

/** How many pushes are too many is decided once, in the open, and not by each campaign for itself. */
export const frequencyCapPolicy: Policy = {
  code: 'policy/frequency-cap',
  summary: 'Push without a frequency cap',
  recommendation: 'Declare how many pushes one person may get, and set the same cap in the campaign.',
  severity: 'warning',
  judges: 'specs',
  judge: ({ audiences }) =>
    audiences.filter(isUncapped).map(({ id }) => ({
      detail: 'It sends push, and nothing says how many one person may get.',
      hint: 'add frequency_cap: { max: 1, per: 1d }, and set the same cap in the MoEngage campaign',
      audience: id,
      path: ['frequency_cap'],
    })),
}

const isUncapped = (audience: Audience): boolean =>
  audience.intent === 'activation' &&
  audience.channels.moengage.includes('push') &&
  audience.frequencyCap === undefined &&
  isSynced(audience)
