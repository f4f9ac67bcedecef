import type { Audience } from '../model/audience.ts'
import { formatDuration, parseDurationMs } from '../model/time.ts'
import type { Objection, Policy } from './policy.ts'

/**
 * A cohort's name says what it is for: `<purpose>__<UseCase>__<window>`. Whoever builds a campaign in MoEngage sees
 * nothing but this name, and it can never be changed, so it must agree with the file from the first day.
 */
export const namingPolicy: Policy = {
  code: 'policy/naming',
  summary: 'Name does not follow the convention',
  recommendation: 'Name a cohort <purpose>__<UseCase>__<window>, so that its name alone says what it is for.',
  severity: 'error',
  judges: 'specs',
  judge: ({ workspace, audiences }) =>
    audiences.flatMap(audience => {
      const prefix = workspace.naming[audience.intent]
      const detail = findFault(audience, prefix)
      return detail === undefined ? [] : [object(audience, detail, prefix)]
    }),
}

const findFault = ({ name, intent, timing }: Audience, prefix: string): string | undefined => {
  const [purpose, useCase, window, ...rest] = name.split('__')
  if (purpose === undefined || useCase === undefined || window === undefined || rest.length > 0)
    return `"${name}" is not of the form <purpose>__<UseCase>__<window>.`
  if (purpose !== prefix)
    return `"${name}" begins with "${purpose}", and the intent "${intent}" is "${prefix}".`
  if (!/^[A-Z][A-Za-z0-9]*$/.test(useCase))
    return `"${useCase}" is not written as one word in capitals, like "CartAbandon".`
  if (parseDurationMs(window) === timing.windowMs) return undefined
  return `"${name}" ends in "${window}", and timing.window is ${formatDuration(timing.windowMs)}.`
}

const object = (audience: Audience, detail: string, prefix: string): Objection => ({
  detail,
  hint: `for example ${prefix}__${suggestUseCase(audience)}__${formatDuration(audience.timing.windowMs)}; a cohort that exists cannot be renamed, only replaced`,
  audience: audience.id,
  path: ['name'],
})

/** The middle of the name when it is one word already, otherwise the id in its form: `cart-abandon` → `CartAbandon`. */
const suggestUseCase = ({ id, name }: Audience): string => {
  const written = name.split('__')[1]
  if (written !== undefined && /^[A-Z][A-Za-z0-9]*$/.test(written)) return written
  return id.replaceAll(/(?:^|-)([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase())
}
