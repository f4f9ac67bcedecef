import type { Audience } from '../model/audience.ts'
import type { Objection, Policy } from './policy.ts'
import { reachesCustomers } from './reach.ts'
import { nameAll } from './sentence.ts'

/** Two tools that know nothing of each other's caps send one person the same thing twice. */
export const doubleTouchPolicy: Policy = {
  code: 'policy/double-touch',
  summary: 'Two tools message the same people',
  recommendation: 'One use case speaks on one channel from one tool, or somebody coordinates both.',
  severity: 'error',
  judges: 'specs',
  judge: ({ audiences }) => {
    const live = audiences.filter(
      audience => reachesCustomers(audience) && audience.coordinated === undefined,
    )
    const byUseCase = new Map<string, Audience[]>()
    for (const audience of live) {
      const others = byUseCase.get(audience.useCase)
      if (others) others.push(audience)
      else byUseCase.set(audience.useCase, [audience])
    }
    return live.flatMap(audience => judgeAudience(audience, byUseCase.get(audience.useCase) ?? []))
  },
}

/** `sameUseCase` holds the audience itself too: one file may name a channel in both tools. */
const judgeAudience = (audience: Audience, sameUseCase: readonly Audience[]): readonly Objection[] => {
  const touching = sameUseCase.filter(other => sharedChannels(audience, other).length > 0)
  if (touching.length === 0) return []
  const channels = [...new Set(touching.flatMap(other => sharedChannels(audience, other)))]
  const others = touching.filter(other => other !== audience).map(({ id }) => id)
  const where = others.length === 0 ? '' : ` (see ${nameAll(others)})`
  return [
    {
      detail: `For "${audience.useCase}", MoEngage and Customer.io${where} both send ${nameAll(channels)}. Neither knows what the other has sent, so people get it twice.`,
      hint: 'leave the channel to one of both, or add coordinated: { by: Jo Doe, because: … } with how it is kept apart',
      audience: audience.id,
      path: ['channels', 'moengage'],
    },
  ]
}

const sharedChannels = (inMoengage: Audience, inCustomerio: Audience): readonly string[] =>
  inMoengage.channels.moengage.filter(channel =>
    inCustomerio.channels.customerio.some(each => each === channel),
  )
