import type { AudienceId } from '../model/audience.ts'
import type { Waiver } from '../model/rule.ts'
import { DAY_MS, type Instant } from '../model/time.ts'
import type { Objection, Policy, Programme, Rule } from './policy.ts'
import { isOver } from './settings.ts'

/** About the waivers of all other rules; nothing can waive it, lower it or switch it off. */
export const WAIVER_RULE: Rule = {
  code: 'policy/waiver',
  summary: 'A waiver does not hold',
  recommendation: 'Exceptions name a person, a reason and a last day, and go when they are over.',
  severity: 'error',
}

/** Waivers that ran out, and those that have nothing to waive. */
export const reportWaivers = (
  programme: Programme,
  used: ReadonlySet<Waiver>,
  asked: readonly Policy[],
): readonly Objection[] => {
  const judgeable = new Set<string>(asked.filter(({ judges }) => judges === 'specs').map(({ code }) => code))
  return listPlaces(programme).flatMap(({ waiver, ...place }) => {
    if (isOver(waiver, programme.now)) return [{ ...place, ...describeEnd(waiver) }]
    if (isEndless(waiver, programme.now)) return [{ ...place, ...describeEndless(waiver) }]
    if (programme.isPartial || used.has(waiver) || !judgeable.has(waiver.rule)) return []
    return [{ ...place, ...describeIdle(waiver) }]
  })
}

interface WaiverPlace {
  readonly waiver: Waiver
  readonly audience?: AudienceId
  readonly path: readonly (string | number)[]
}

const listPlaces = ({ workspace, audiences }: Programme): readonly WaiverPlace[] => [
  ...workspace.waivers.map((waiver, index) => ({ waiver, path: ['waivers', index, 'until'] })),
  ...audiences.flatMap(({ id, waivers }) =>
    waivers.map((waiver, index) => ({ waiver, audience: id, path: ['waivers', index, 'until'] })),
  ),
]

const describeEnd = ({ rule, by, until }: Waiver): Pick<Objection, 'detail' | 'hint'> => ({
  detail: `${by} waived ${rule} until ${until}, and that day is over.`,
  hint: 'do what the rule asks and remove the waiver, or agree on a new last day',
})

/** Who agreed is asked again once a year. */
const isEndless = ({ until }: Waiver, now: Instant | undefined): boolean =>
  now !== undefined && Date.parse(until) - Date.parse(now) > 366 * DAY_MS

const describeEndless = ({ rule, by, until }: Waiver): Pick<Objection, 'severity' | 'detail' | 'hint'> => ({
  severity: 'warning',
  detail: `${by} waived ${rule} until ${until}, which is more than a year away: nobody will remember why.`,
  hint: 'choose a day within a year, or lower the rule under policy for good',
})

const describeIdle = ({ rule, by }: Waiver): Pick<Objection, 'severity' | 'detail' | 'hint'> => ({
  severity: 'warning',
  detail: `${by} waived ${rule}, and it has nothing to say here any more.`,
  hint: 'remove the waiver',
})
