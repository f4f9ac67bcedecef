import type { Audience } from '../model/audience.ts'
import type { Objection, Policy } from './policy.ts'
import { isSynced } from './reach.ts'

/** Who bought an hour ago, complained or is being looked after must be left out by every activation, not by most. */
export const suppressionLayerPolicy: Policy = {
  code: 'policy/suppression-layer',
  summary: 'Nobody is left out',
  recommendation: 'Every activation leaves out its suppressions: its own, or a layer of the workspace.',
  severity: 'warning',
  judges: 'specs',
  judge: ({ audiences }) => {
    const suppressions = audiences.filter(({ intent }) => intent === 'suppression').map(({ id }) => id)
    return audiences
      .filter(({ intent, suppressedBy }) => intent === 'activation' && suppressedBy.length === 0)
      .filter(isSynced)
      .map(audience => object(audience, suppressions))
  },
}

const object = ({ id }: Audience, suppressions: readonly string[]): Objection => ({
  detail: 'Everybody in it is messaged, whoever has just ordered, complained or opted for silence included.',
  hint:
    suppressions.length === 0
      ? 'declare whom no campaign may reach, for example recent-purchasers (intent: suppression), then suppressed_by: [recent-purchasers]'
      : `add suppressed_by: [${suppressions.join(', ')}], here or for all of them in the workspace`,
  audience: id,
  path: ['suppressed_by'],
})
