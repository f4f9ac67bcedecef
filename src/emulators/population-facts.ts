import type { Habits } from './population-history.ts'
import { cartOf, goodsOf, habitsOf, latestMoment, STARTER_KIT, slotAt } from './population-history.ts'

/** Everything that the shop's segments ask about, for every person at one moment. Times in seconds, 0 = never. */
export interface ShopFacts {
  readonly atSeconds: number
  readonly orderCount: Uint16Array
  readonly totalCents: Float64Array
  readonly lastOrderAt: Float64Array
  readonly lastOrderIsKit: Uint8Array
  readonly lastCartAt: Float64Array
  readonly inCartFlow: Uint8Array
  readonly lastOpenAt: Float64Array
  readonly lastNewsletterAt: Float64Array
}

const emptyFacts = (atSeconds: number, size: number): ShopFacts => ({
  atSeconds,
  orderCount: new Uint16Array(size + 1),
  totalCents: new Float64Array(size + 1),
  lastOrderAt: new Float64Array(size + 1),
  lastOrderIsKit: new Uint8Array(size + 1),
  lastCartAt: new Float64Array(size + 1),
  inCartFlow: new Uint8Array(size + 1),
  lastOpenAt: new Float64Array(size + 1),
  lastNewsletterAt: new Float64Array(size + 1),
})

const gatherShopping = (facts: ShopFacts, seed: number, person: number, habits: Habits): void => {
  const now = facts.atSeconds
  const lastSlot = slotAt(habits.signedUpAt, habits.cartSlot, now)
  // Who never buys has only a latest cart, so all but two slots can be skipped.
  const firstSlot = habits.conversion === 0 ? Math.max(0, lastSlot - 1) : 0
  for (let slot = firstSlot; slot <= lastSlot; slot++) {
    const cart = cartOf(seed, person, habits, slot)
    if (cart.addedAt > now) return
    facts.lastCartAt[person] = cart.addedAt
    facts.inCartFlow[person] =
      cart.flowEnteredAt > 0 && cart.flowEnteredAt <= now && now < cart.flowLeftAt ? 1 : 0
    if (cart.orderedAt === 0 || cart.orderedAt > now) continue
    const goods = goodsOf(seed, person, slot, facts.orderCount[person] === 0)
    facts.orderCount[person] = (facts.orderCount[person] ?? 0) + 1
    facts.totalCents[person] = (facts.totalCents[person] ?? 0) + goods.amountCents
    facts.lastOrderAt[person] = cart.orderedAt
    facts.lastOrderIsKit[person] = goods.product === STARTER_KIT ? 1 : 0
  }
}

/** Gathers the facts of all people at a moment, in one pass. */
export const gatherFacts = (seed: number, size: number, atSeconds: number): ShopFacts => {
  const facts = emptyFacts(atSeconds, size)
  for (let person = 1; person <= size; person++) {
    const habits = habitsOf(seed, person)
    const { signedUpAt } = habits
    gatherShopping(facts, seed, person, habits)
    const open = { kind: 'open', signedUpAt, slotSeconds: habits.openSlot, at: atSeconds } as const
    facts.lastOpenAt[person] = latestMoment(seed, person, open)
    const newsletter = {
      kind: 'newsletter',
      signedUpAt,
      slotSeconds: habits.newsletterSlot,
      at: atSeconds,
    } as const
    facts.lastNewsletterAt[person] = latestMoment(seed, person, newsletter)
  }
  return facts
}
