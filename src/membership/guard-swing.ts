import type { MembershipLimits } from '../model/audience.ts'
import type { SyncCheck } from './guard.ts'
import { amount, percent, stopUnlessAllowed } from './guard-finding.ts'

/**
 * How much of a declared ratio counts, by how many are recorded, largest first. A share that is small talk in a cohort
 * of hundreds is a catastrophe in one of millions.
 */
export const SWING_TIERS = [
  { from: 1_000_000, divisor: 3, words: 'a third of ' },
  { from: 100_000, divisor: 2, words: 'half of ' },
  { from: 0, divisor: 1, words: '' },
] as const

/** Below the floor nothing is a percentage: so many times the floor may enter at once. */
export const FLOORS_THAT_MAY_ENTER = 10

/** Members that the exit rule holds, or an open outcome, do not leave. */
export const checkRemoval: SyncCheck = ({ audience, outcome, counts, peopleRead }) => {
  const { recorded, removes } = counts
  const { floor, maxRemoval } = audience.limits
  // Removes wait for a complete read anyway, and nobody should be asked to allow what is only missing from this one.
  if (outcome.kind === 'incomplete') return undefined
  // An empty source has a finding of its own.
  if (peopleRead === 0 || recorded < floor) return undefined
  const tier = tierOf(recorded)
  if (isWithin(removes, recorded, maxRemoval / tier.divisor)) return undefined
  return stopUnlessAllowed(audience, 'max-removal', 'removes', {
    summary: 'Too many members would leave at once',
    detail: describeSwing({
      moving: removes,
      recorded,
      verb: 'leave',
      limit: { key: 'max_removal', ratio: maxRemoval },
    }),
  })
}

/** A first load is not a swing, and goes on by itself when it was cut off. */
export const checkGrowth: SyncCheck = ({ audience, counts, isFirstLoad }) => {
  const { recorded, removes, wanted, held } = counts
  const { floor, maxGrowth } = audience.limits
  if (isFirstLoad) return undefined
  const entering = wanted - (recorded - removes - held.unsettled - held['case-twin'])
  if (recorded < floor) return checkBelowFloor({ audience, recorded, entering })
  const tier = tierOf(recorded)
  if (isWithin(entering, recorded, maxGrowth / tier.divisor)) return undefined
  return stopUnlessAllowed(audience, 'max-growth', 'adds', {
    summary: GROWTH,
    detail: describeSwing({
      moving: entering,
      recorded,
      verb: 'enter',
      limit: { key: 'max_growth', ratio: maxGrowth },
    }),
  })
}

const GROWTH = 'Too many members would enter at once'

interface SmallGrowth extends Pick<Parameters<SyncCheck>[0], 'audience'> {
  readonly recorded: number
  readonly entering: number
}

const checkBelowFloor = ({ audience, recorded, entering }: SmallGrowth): ReturnType<SyncCheck> => {
  const { floor }: MembershipLimits = audience.limits
  const most = floor * FLOORS_THAT_MAY_ENTER
  if (entering <= most) return undefined
  return stopUnlessAllowed(audience, 'max-growth', 'adds', {
    summary: GROWTH,
    detail:
      `${amount(entering)} would enter, ${amount(recorded)} are members ` +
      `(below the floor of ${amount(floor)}, at most ${amount(most)} at once).`,
  })
}

const tierOf = (recorded: number): (typeof SWING_TIERS)[number] =>
  SWING_TIERS.find(({ from }) => recorded >= from) ?? SWING_TIERS[2]

/** In whole people: a third of 30 % of 1,000,000 is 100,000, whatever binary fractions make of it. */
const isWithin = (moving: number, recorded: number, ratio: number): boolean =>
  moving <= mostOf(recorded, ratio)

const mostOf = (recorded: number, ratio: number): number => Math.floor(recorded * ratio + 1e-6)

interface Swing {
  readonly moving: number
  readonly recorded: number
  readonly verb: 'enter' | 'leave'
  readonly limit: { readonly key: string; readonly ratio: number }
}

const describeSwing = ({ moving, recorded, verb, limit }: Swing): string => {
  const { divisor, words } = tierOf(recorded)
  const ratio = limit.ratio / divisor
  const declared = `${limit.key} ${percent(limit.ratio)}`
  const allowed =
    divisor === 1 ? declared : `at this size ${words}${declared}: at most ${amount(mostOf(recorded, ratio))}`
  return `${amount(moving)} would ${verb}, ${amount(recorded)} are members (${percent(moving / recorded, ratio)}, ${allowed}).`
}
