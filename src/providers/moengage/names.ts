import { fail } from '../../model/failure.ts'
import { buildFailure } from '../provider-failure.ts'

const MAX_CHARACTERS = 200

/** Why MoEngage would refuse a segment of this name, or drop it without a word, as a sentence; undefined when fine. */
export const findNameFault = (name: string): string | undefined => {
  if (name.trim() === '') return 'it is empty'
  if (name !== name.trim()) return 'it begins or ends with a space'
  if (name.startsWith('.')) return 'it begins with a period'
  if (/\p{Cc}/u.test(name)) return 'it holds a control character'
  const forbidden = /[|*?\\:<>=$"]/.exec(name)?.[0]
  if (forbidden) return `it holds ${forbidden}`
  if ([...name].length > MAX_CHARACTERS) return `it is longer than ${MAX_CHARACTERS} characters`
  return name.toLowerCase() === 'all users' ? 'it is a name of MoEngage itself' : undefined
}

/** Stops before a call that would be answered with 200 and then forgotten. */
export const requireName = (name: string): void => {
  const fault = findNameFault(name)
  if (fault === undefined) return
  fail(
    buildFailure({
      origin: 'moengage',
      code: 'provider/bad-name',
      detail: `MoEngage would not keep a segment named ${JSON.stringify(name.slice(0, MAX_CHARACTERS))}: ${fault}.`,
      hint: 'use letters, digits, spaces, "-" and "_"',
    }),
  )
}
