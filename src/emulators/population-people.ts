import type { Identity, Population } from './population.ts'
import type { Habits, SlotEvent } from './population-history.ts'
import { cartOf, goodsOf, habitsOf, momentOf, slotAt } from './population-history.ts'

/** One synthetic person with their whole past, as a test may want to recompute the segments from it. */
export interface RawPerson extends Identity {
  attributes: Record<string, string>
  orders: { at: string; amount_cents: number; product: string }[]
  /** Carts and stays in the flow of the last 30 days, or else the latest cart. */
  carts: { added_at: string }[]
  /** `left_at` is null while the person is still in the flow. */
  cart_flow: { entered_at: string; left_at: string | null }[]
  /** Those of the last two days, or else the latest one. */
  app_opens: string[]
  /** Those of the last 40 days, or else the latest one. */
  newsletters_opened: string[]
}

const DAY = 24 * 60 * 60
const toIso = (seconds: number): string => new Date(seconds * 1000).toISOString()

interface Moment {
  seed: number
  index: number
  habits: Habits
  now: number
}

const listShopping = ({
  seed,
  index,
  habits,
  now,
}: Moment): Pick<RawPerson, 'orders' | 'carts' | 'cart_flow'> => {
  const told: Pick<RawPerson, 'orders' | 'carts' | 'cart_flow'> = { orders: [], carts: [], cart_flow: [] }
  const lastSlot = slotAt(habits.signedUpAt, habits.cartSlot, now)
  for (let slot = 0; slot <= lastSlot; slot++) {
    const cart = cartOf(seed, index, habits, slot)
    if (cart.addedAt > now) break
    const isRecent = cart.addedAt >= now - 30 * DAY
    if (!isRecent) told.carts.length = 0
    told.carts.push({ added_at: toIso(cart.addedAt) })
    if (isRecent && cart.flowEnteredAt > 0 && cart.flowEnteredAt <= now) {
      const left = cart.flowLeftAt <= now ? toIso(cart.flowLeftAt) : null
      told.cart_flow.push({ entered_at: toIso(cart.flowEnteredAt), left_at: left })
    }
    if (cart.orderedAt === 0 || cart.orderedAt > now) continue
    const goods = goodsOf(seed, index, slot, told.orders.length === 0)
    told.orders.push({ at: toIso(cart.orderedAt), amount_cents: goods.amountCents, product: goods.product })
  }
  return told
}

const listEvents = (
  { seed, index, habits, now }: Moment,
  kind: SlotEvent,
  sinceSeconds: number,
): string[] => {
  const slotSeconds = kind === 'open' ? habits.openSlot : habits.newsletterSlot
  if (slotSeconds === 0) return []
  const told: string[] = []
  const { signedUpAt } = habits
  for (let slot = slotAt(signedUpAt, slotSeconds, now); slot >= 0; slot--) {
    const at = momentOf(seed, index, { kind, signedUpAt, slotSeconds, slot })
    if (at > now) continue
    if (at < now - sinceSeconds && told.length > 0) break
    told.unshift(toIso(at))
  }
  return told
}

/** The raw person, with what happened up to a moment and nothing after it. */
export const describePerson = (population: Population, index: number, nowMs: number): RawPerson => {
  const habits = habitsOf(population.seed, index)
  const moment: Moment = { seed: population.seed, index, habits, now: Math.floor(nowMs / 1000) }
  return {
    ...population.identityOf(index),
    attributes: population.attributesOf(index),
    ...listShopping(moment),
    app_opens: listEvents(moment, 'open', 2 * DAY),
    newsletters_opened: listEvents(moment, 'newsletter', 40 * DAY),
  }
}
