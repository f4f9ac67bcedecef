import type { Audience } from '../model/audience.ts'
import type { DeltaCounts } from '../model/membership.ts'
import type { GuardFinding } from './guard.ts'
import { amount, percent, stopUnlessAllowed } from './guard-finding.ts'

/** How many of a sample MoEngage knows. */
export interface MatchSample {
  readonly asked: number
  readonly known: number
}

/** A sample of fewer is told and not judged. */
export const FEWEST_SAMPLED = 20

/** Whom MoEngage does not know it skips without a word: mostly strangers means another identifier than it has. */
export const checkMatchRate = (
  audience: Audience,
  { asked, known }: MatchSample,
): GuardFinding | undefined => {
  const { minMatchRate } = audience.limits
  if (asked < FEWEST_SAMPLED || known / asked >= minMatchRate) return undefined
  return stopUnlessAllowed(audience, 'match-rate', 'adds', {
    summary: 'MoEngage knows too few of those to be added',
    detail:
      `it knows ${amount(known)} of ${amount(asked)} that were looked up ` +
      `(${percent(known / asked, minMatchRate)}, min_match_rate ${percent(minMatchRate)}), and would skip the others.`,
  })
}

const FEW_OF_FIRST_LOAD = 99
const FEW = 999
const SMALL_SHARE = 0.1

/** Only adds that would be hard to take back are worth the calls: a first load, or a tenth of the cohort at once. */
export const isLargeAdd = (
  { adds, recorded }: Pick<DeltaCounts, 'adds' | 'recorded'>,
  isFirstLoad: boolean,
): boolean => (isFirstLoad && adds > FEW_OF_FIRST_LOAD) || (adds > FEW && adds >= recorded * SMALL_SHARE)
