import type { Check } from '../model/checkup.ts'
import { compareText } from '../model/diagnostic.ts'
import { type Failure, failureOf } from '../model/failure.ts'

/** A part of the world to look at, or why there is nothing to look with. */
export type Opened<T> =
  | { readonly kind: 'opened'; readonly port: T }
  | { readonly kind: 'refused'; readonly failure: Failure }

/** A check that went well. */
export const ok = <Subject extends string>(subject: Subject, detail: string): Check<Subject> => ({
  subject,
  verdict: 'ok',
  detail,
})

/** Something to be done about it. */
export const trouble = <Subject extends string>(
  subject: Subject,
  detail: string,
  todo: string,
): Check<Subject> => ({
  subject,
  verdict: 'trouble',
  detail,
  todo,
})

/** Nobody can tell from here, or not yet. */
export const unchecked = <Subject extends string>(subject: Subject, detail: string): Check<Subject> => ({
  subject,
  verdict: 'unchecked',
  detail,
})

/** What a refusal comes to: its own hint is what to do. */
export const describeRefusal = <Subject extends string>(
  subject: Subject,
  { code, detail, hint }: Failure,
): Check<Subject> => ({
  ...trouble(subject, `${detail} [${code}]`, hint ?? `muster explain ${code}`),
  code,
})

/** Looks, and takes a refusal of the world for the answer. What ends every call, such as Ctrl-C, is thrown on. */
export const check = async <Subject extends string>(
  subject: Subject,
  look: () => Promise<Check<Subject>>,
): Promise<Check<Subject>> => {
  try {
    return await look()
  } catch (error) {
    const failure = failureOf(error)
    if (!failure || failure.code === 'provider/cancelled') throw error
    return describeRefusal(subject, failure)
  }
}

/** Names in a sentence, the first few of many. */
export const nameFew = (names: readonly string[]): string => {
  const sorted = [...names].sort(compareText)
  return sorted.length <= MOST_NAMES
    ? sorted.join(', ')
    : `${sorted.slice(0, MOST_NAMES).join(', ')} and ${sorted.length - MOST_NAMES} more`
}

const MOST_NAMES = 4
