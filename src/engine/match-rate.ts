import type { GuardFinding } from '../membership/guard.ts'
import { checkMatchRate, isLargeAdd, type MatchSample } from '../membership/guard-match.ts'
import type { Audience } from '../model/audience.ts'
import type { Diagnostic } from '../model/diagnostic.ts'
import { failureOf } from '../model/failure.ts'
import { type Delta, MOST_USERS_PER_LOOKUP, type UserLookup } from '../ports.ts'
import { stopIfAborted } from './interrupt.ts'
import type { Run } from './run.ts'

/** Calls for one audience, and for all audiences of a run: a minute's worth of what MoEngage allows. */
const MOST_LOOKUPS_OF_ONE = 10
export const MOST_LOOKUPS = 50

/** Looks users up so often and no more, however many ask. */
export const limitLookups = (users: UserLookup, most: number): UserLookup => {
  let left = most
  return {
    countKnown: async identifiers => {
      if (left === 0) return undefined
      left -= 1
      return users.countKnown(identifiers)
    },
  }
}

/** How many of some users MoEngage knows; `trouble` when not all of them could be looked up, and why. */
export interface LookedUp extends MatchSample {
  readonly trouble?: string
}

/** Looks users up, 20 a call. What could not be asked is not taken for an answer. */
export const lookUp = async (
  run: Run,
  users: UserLookup,
  identifiers: readonly string[],
): Promise<LookedUp> => {
  let known = 0
  for (let asked = 0; asked < identifiers.length; asked += MOST_USERS_PER_LOOKUP) {
    stopIfAborted(run.signal)
    const part = identifiers.slice(asked, asked + MOST_USERS_PER_LOOKUP)
    const answer = await countOrExplain(run, users, part)
    if (typeof answer === 'string') return { asked, known, trouble: answer }
    known += answer
  }
  return { asked: identifiers.length, known }
}

const SPENT = 'this run has spent its look-ups'

/** Nothing depends on the answer but what is said about it: a refusal of this call is no refusal of the others. */
const countOrExplain = async (
  run: Run,
  users: UserLookup,
  identifiers: readonly string[],
): Promise<number | string> => {
  try {
    return (await users.countKnown(identifiers)) ?? SPENT
  } catch (error) {
    stopIfAborted(run.signal)
    const failure = failureOf(error)
    if (!failure) throw error
    return failure.code
  }
}

/** What a sample of those to be added came to. */
export interface MatchRate {
  /** Absent where nobody was looked up. */
  readonly sample?: MatchSample
  readonly finding?: GuardFinding
  readonly warning?: Diagnostic
}

interface MatchInput {
  readonly audience: Audience
  readonly delta: Pick<Delta, 'counts' | 'sample'>
  readonly isFirstLoad: boolean
}

/**
 * Before many are added at once, looks a sample of them up. MoEngage takes identifiers that it does not know and skips
 * them without a word, so that an audience under the wrong identifier looks as if it had been sent.
 * Source: vendors' fact sheet for MoEngage, sections 2.4 and 4.2.
 */
export const sampleMatchRate = async (
  run: Run,
  { audience, delta, isFirstLoad }: MatchInput,
): Promise<MatchRate> => {
  const { users } = run
  if (!users || !isLargeAdd(delta.counts, isFirstLoad)) return {}
  const identifiers = await delta.sample('add', MOST_LOOKUPS_OF_ONE * MOST_USERS_PER_LOOKUP)
  const { trouble, ...sample } = await lookUp(run, users, identifiers)
  const finding = checkMatchRate(audience, sample)
  return {
    ...(sample.asked > 0 ? { sample } : {}),
    ...(finding ? { finding } : {}),
    ...(trouble === undefined ? {} : { warning: warnOfUnknown(audience, sample, trouble) }),
  }
}

const warnOfUnknown = ({ id }: Audience, { asked }: MatchSample, trouble: string): Diagnostic => ({
  code: 'sync/match-rate-unknown',
  severity: 'warning',
  summary: 'Whether MoEngage knows those to be added is not known',
  detail:
    `${id}: ${asked === 0 ? 'none' : `only ${asked}`} of a sample could be looked up (${trouble}). ` +
    'They are added all the same; MoEngage skips whom it does not know.',
  hint:
    trouble === SPENT
      ? `sync it alone to have it looked up: muster sync --only ${id}`
      : 'check that the Data key may read users, and the API firewall\'s rules for "Data"',
})
