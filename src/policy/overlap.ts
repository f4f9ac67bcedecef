import type { Audience } from '../model/audience.ts'
import type { Facts } from '../model/facts.ts'
import type { Objection, Policy, Programme } from './policy.ts'
import { reachesCustomers } from './reach.ts'
import { nameAll, sayCount, sayShare } from './sentence.ts'

/** Two campaigns with one channel and the same people are two messages, whatever each of them is about. */
export const overlapPolicy: Policy = {
  code: 'policy/overlap',
  summary: 'Two audiences message many of the same people',
  recommendation: 'Activations on one channel share few people, or one leaves out the other.',
  severity: 'warning',
  judges: 'facts',
  judge: ({ workspace, audiences, facts }) => {
    const active = new Map(audiences.filter(isActive).map(audience => [audience.id, audience]))
    // Small samples are not percentages.
    const isLarge = (id: string): boolean => (facts?.members.get(id) ?? 0) >= workspace.limits.floor
    return (facts?.shared ?? [])
      .filter(shared => shared.audiences.every(isLarge))
      .flatMap(shared => judgeShared(shared, active, workspace))
  },
}

const isActive = (audience: Audience): boolean =>
  audience.intent === 'activation' && audience.coordinated === undefined && reachesCustomers(audience)

const judgeShared = (
  { audiences: [a, b], people, shareOfSmaller }: NonNullable<Facts['shared']>[number],
  active: ReadonlyMap<string, Audience>,
  { maxOverlap }: Programme['workspace'],
): readonly Objection[] => {
  const [first, second] = [active.get(a), active.get(b)]
  if (!first || !second || shareOfSmaller <= maxOverlap || isKeptApart(first, second)) return []
  const channels = first.channels.moengage.filter(channel => second.channels.moengage.includes(channel))
  if (channels.length === 0) return []
  return [
    {
      detail: `"${a}" and "${b}" both send ${nameAll(channels)}, and ${sayCount(people)} people are in both: ${sayShare(shareOfSmaller)} of the smaller one, and ${sayShare(maxOverlap)} is the limit.`,
      hint: `add ${b} to suppressed_by of ${a}, or coordinated: { by: Jo Doe, because: … } to one of both`,
      audience: a,
      path: ['channels', 'moengage'],
    },
  ]
}

const isKeptApart = (a: Audience, b: Audience): boolean =>
  a.suppressedBy.includes(b.id) || b.suppressedBy.includes(a.id)
