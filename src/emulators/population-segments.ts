import type { ShopClock } from './clock.ts'
import type { Population } from './population.ts'
import type { ShopFacts } from './population-facts.ts'
import { gatherFacts } from './population-facts.ts'

// The shop's data-driven segments. `now` is the shop's clock, `≤` and `≥` include the boundary itself.
// All history is in whole seconds; only what happened at or before `now` counts.
//
// | id | name                        | a person is in when                                                        |
// | -- | --------------------------- | -------------------------------------------------------------------------- |
// | 11 | VIP customers               | orders ≥ 3, and the sum of all orders > 500.00 (exactly 500.00 is out)      |
// | 12 | Recent purchasers 7d        | now − 7 d ≤ last order                                                     |
// | 13 | Active in app 30m           | now − 30 min ≤ last app open                                               |
// | 14 | Cart abandoners 2h          | now − 24 h ≤ last cart ≤ now − 90 min, no order ≥ last cart, and not in the |
// |    |                             | cart flow (in it from entered, inclusive, to left, exclusive)               |
// | 15 | Winback 60-120d             | now − 120 d ≤ last order ≤ now − 60 d                                      |
// | 16 | Starter kit, no refill 30d  | last order is a starter kit and ≤ now − 30 d                               |
// | 18 | Newsletter readers          | now − 14 d ≤ last newsletter opened                                        |
// | 19 | Never ordered               | orders = 0                                                                 |
// | 20 | Repeat customers            | orders ≥ 2 (in state `build` from the start)                               |
//
// 17 "Internal QA" is manual: the ten staff, until the Track API changes it.

/** Whether a person is in a segment, from the facts of one moment. */
type SegmentRule = (facts: ShopFacts, person: number) => boolean

const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const isWithin = (moment: number | undefined, now: number, seconds: number): boolean =>
  moment !== undefined && moment > 0 && moment >= now - seconds

const isAtLeastAgo = (moment: number | undefined, now: number, seconds: number): boolean =>
  moment !== undefined && moment > 0 && moment <= now - seconds

/** The rules of the data-driven segments, by id. */
const SEGMENT_RULES: ReadonlyMap<number, SegmentRule> = new Map<number, SegmentRule>([
  [11, (facts, p) => (facts.orderCount[p] ?? 0) >= 3 && (facts.totalCents[p] ?? 0) > 50_000],
  [12, (facts, p) => isWithin(facts.lastOrderAt[p], facts.atSeconds, 7 * DAY)],
  [13, (facts, p) => isWithin(facts.lastOpenAt[p], facts.atSeconds, 30 * MINUTE)],
  [
    14,
    (facts, p) =>
      isWithin(facts.lastCartAt[p], facts.atSeconds, 24 * HOUR) &&
      isAtLeastAgo(facts.lastCartAt[p], facts.atSeconds, 90 * MINUTE) &&
      (facts.lastOrderAt[p] ?? 0) < (facts.lastCartAt[p] ?? 0) &&
      facts.inCartFlow[p] === 0,
  ],
  [
    15,
    (facts, p) =>
      isWithin(facts.lastOrderAt[p], facts.atSeconds, 120 * DAY) &&
      isAtLeastAgo(facts.lastOrderAt[p], facts.atSeconds, 60 * DAY),
  ],
  [
    16,
    (facts, p) =>
      facts.lastOrderIsKit[p] === 1 && isAtLeastAgo(facts.lastOrderAt[p], facts.atSeconds, 30 * DAY),
  ],
  [18, (facts, p) => isWithin(facts.lastNewsletterAt[p], facts.atSeconds, 14 * DAY)],
  [19, (facts, p) => facts.orderCount[p] === 0],
  [20, (facts, p) => (facts.orderCount[p] ?? 0) >= 2],
])

/** Answers who fulfils a rule now; each answer is worked out once for each time the clock shows. */
interface SegmentEvaluator {
  peopleIn(segmentId: number): readonly number[]
}

/** An evaluator over the people and the clock of the shop. */
export const createEvaluator = (population: Population, clock: ShopClock): SegmentEvaluator => {
  let facts: ShopFacts | undefined
  let known = new Map<number, readonly number[]>()
  const factsNow = (): ShopFacts => {
    // Floored: half a second after an event it has happened, half a second before it has not.
    const atSeconds = Math.floor(clock.nowMs() / 1000)
    if (facts?.atSeconds === atSeconds) return facts
    facts = gatherFacts(population.seed, population.size, atSeconds)
    known = new Map()
    return facts
  }
  return {
    peopleIn: segmentId => {
      const at = factsNow()
      const memoised = known.get(segmentId)
      if (memoised !== undefined) return memoised
      const people: number[] = []
      const rule = SEGMENT_RULES.get(segmentId)
      for (let person = 1; rule !== undefined && person <= population.size; person++) {
        if (rule(at, person)) people.push(person)
      }
      known.set(segmentId, people)
      return people
    },
  }
}
