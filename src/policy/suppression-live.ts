import type { Audience, Stage } from '../model/audience.ts'
import { unreachable } from '../model/invariant.ts'
import type { Objection, Policy } from './policy.ts'
import { reachesCustomers } from './reach.ts'

/** A suppression that is not live yet holds a few testers, and silences nobody. */
export const suppressionLivePolicy: Policy = {
  code: 'policy/suppression-live',
  summary: 'Suppression is not live',
  recommendation: 'A suppression is live before anything that relies on it is.',
  severity: 'error',
  judges: 'specs',
  judge: ({ audiences }) => {
    const byId = new Map(audiences.map(audience => [audience.id, audience]))
    return audiences.filter(reachesCustomers).flatMap(audience =>
      audience.suppressedBy.flatMap(id => {
        const suppression = byId.get(id)
        return suppression === undefined || isReady(suppression) ? [] : [object(audience, suppression)]
      }),
    )
  },
}

/** Leaving out the testers is right at any stage: they are all that such an audience ever holds. */
const isReady = ({ intent, isSuspended, rollout: { stage } }: Audience): boolean =>
  intent === 'qa' || (stage.kind === 'live' && !isSuspended)

const object = (audience: Audience, suppression: Audience): Objection => ({
  detail: `It leaves out "${suppression.id}", which ${describeState(suppression)}.`,
  hint: `make ${suppression.id} live first: rollout: { stage: live } in its file`,
  audience: audience.id,
  path: ['suppressed_by'],
})

const describeState = ({ isSuspended, rollout: { stage } }: Audience): string =>
  isSuspended ? 'is suspended: its members are not kept up to date' : describeStage(stage)

const describeStage = (stage: Stage): string => {
  switch (stage.kind) {
    case 'qa':
      return 'holds testers only (stage qa), so customers are not left out'
    case 'canary':
      return `holds ${stage.percent}% of its people (stage canary), so most of them are not left out`
    case 'paused':
      return 'is paused: whoever joins its segment now is not left out'
    case 'live':
      return 'is live'
    default:
      return unreachable(stage)
  }
}
