import type { Audience } from '../model/audience.ts'
import type { Objection, Policy } from './policy.ts'
import { reachesCustomers } from './reach.ts'
import { sayCount } from './sentence.ts'

/** Bounds that are stated are looked at, wherever a store knows how many people there are. */
export const sizePolicy: Policy = {
  code: 'policy/size',
  summary: 'Audience is not as large as it should be',
  recommendation: 'When an audience leaves its bounds, somebody looks before the next campaign does.',
  severity: 'warning',
  judges: 'facts',
  judge: ({ audiences, facts }) =>
    audiences
      .filter(audience => reachesCustomers(audience) && audience.rollout.stage.kind === 'live')
      .flatMap(audience => judgeSize(audience, facts?.members.get(audience.id))),
}

const judgeSize = ({ id, size }: Audience, members: number | undefined): readonly Objection[] => {
  if (size === undefined || members === undefined) return []
  if (members >= size.min && members <= size.max) return []
  return [
    {
      detail: `"${id}" has ${sayCount(members)} people, and ${sayCount(size.min)} to ${sayCount(size.max)} are usual.`,
      hint: 'look at its segment in Customer.io, then mend it there, or the bounds here',
      audience: id,
      path: ['size'],
    },
  ]
}
