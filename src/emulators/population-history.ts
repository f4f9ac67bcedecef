import { hashFraction, hashNumbers } from './random.ts'

// A person's past is cut into slots of a length of their own. Each slot holds one cart (or app open, or
// newsletter opened) at a moment that only the seed, the person and the slot's number decide. So the past
// is the same whichever way the clock came, and the latest event is found without walking there.

/** The rhythm of one person, in seconds. A slot of 0 means: never. */
export interface Habits {
  signedUpAt: number
  cartSlot: number
  /** How likely a cart ends in an order. */
  conversion: number
  openSlot: number
  newsletterSlot: number
}

/** One cart and what came of it; times in seconds, 0 when it never happens. */
interface CartStory {
  addedAt: number
  orderedAt: number
  flowEnteredAt: number
  flowLeftAt: number
}

/** What one order was for. */
interface OrderedGoods {
  amountCents: number
  product: string
}

/** The one product that a segment asks for by name. */
export const STARTER_KIT = 'starter-kit'
const OTHER_PRODUCTS = ['refill', 'serum', 'day-cream', 'night-cream', 'cleanser', 'gift-box'] as const

const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const FIRST_SIGN_UP = Date.UTC(2023, 0, 1) / 1000
const SIGN_UP_SPAN = 3 * 365 * DAY

const SALT = { signUp: 1, kind: 2, cartSlot: 3, app: 4, openSlot: 5, newsletter: 6, kitFirst: 7 } as const
const CART = { moment: 11, converts: 12, orderDelay: 13, flow: 14, flowDelay: 15, flowStay: 16 } as const
const GOODS = { amount: 21, product: 22 } as const
const EVENT = { open: 31, newsletter: 32 } as const

/** Kinds of shoppers: their share, the bounds of their cart slot in days, and how often a cart is bought. */
const SHOPPERS = [
  { upTo: 0.35, days: [15, 60], conversion: 0 },
  { upTo: 0.78, days: [30, 70], conversion: 0.18 },
  { upTo: 0.94, days: [14, 28], conversion: 0.35 },
  { upTo: 1, days: [8, 14], conversion: 0.6 },
] as const

/** Kinds of app users: their share and the length of their slot between opens. */
const APP_USERS = [
  { upTo: 0.15, slot: 5 * HOUR },
  { upTo: 0.4, slot: 2 * DAY },
  { upTo: 0.75, slot: 10 * DAY },
  { upTo: 1, slot: 0 },
] as const

const NEWSLETTER = { share: 0.4, slot: 20 * DAY } as const
const LONGEST_CONVERSION = 5 * HOUR
const KIT_FIRST_SHARE = 0.25
const FLOW_SHARE = 0.15

/** The habits of a person. */
export const habitsOf = (seed: number, person: number): Habits => {
  const kind = hashFraction(seed, SALT.kind, person)
  const shopper = SHOPPERS.find(candidate => kind < candidate.upTo) ?? SHOPPERS[0]
  const [fewest, most] = shopper.days
  const app = hashFraction(seed, SALT.app, person)
  return {
    signedUpAt: FIRST_SIGN_UP + (hashNumbers(seed, SALT.signUp, person) % SIGN_UP_SPAN),
    cartSlot: fewest * DAY + (hashNumbers(seed, SALT.cartSlot, person) % ((most - fewest) * DAY)),
    conversion: shopper.conversion,
    openSlot: (APP_USERS.find(candidate => app < candidate.upTo) ?? APP_USERS[0]).slot,
    newsletterSlot: hashFraction(seed, SALT.newsletter, person) < NEWSLETTER.share ? NEWSLETTER.slot : 0,
  }
}

/**
 * The cart of one slot. The last day of a slot has none, so every order and every stay in the flow is over
 * before the next cart: the stories of one person never overlap.
 */
export const cartOf = (seed: number, person: number, habits: Habits, slot: number): CartStory => {
  const room = habits.cartSlot - DAY
  const addedAt =
    habits.signedUpAt + slot * habits.cartSlot + (hashNumbers(seed, CART.moment, person, slot) % room)
  if (hashFraction(seed, CART.converts, person, slot) < habits.conversion) {
    const delay =
      5 * MINUTE + (hashNumbers(seed, CART.orderDelay, person, slot) % (LONGEST_CONVERSION - 5 * MINUTE))
    return { addedAt, orderedAt: addedAt + delay, flowEnteredAt: 0, flowLeftAt: 0 }
  }
  if (hashFraction(seed, CART.flow, person, slot) >= FLOW_SHARE) {
    return { addedAt, orderedAt: 0, flowEnteredAt: 0, flowLeftAt: 0 }
  }
  const flowEnteredAt = addedAt + HOUR + (hashNumbers(seed, CART.flowDelay, person, slot) % (2 * HOUR))
  const stay = 3 * HOUR + (hashNumbers(seed, CART.flowStay, person, slot) % (9 * HOUR))
  return { addedAt, orderedAt: 0, flowEnteredAt, flowLeftAt: flowEnteredAt + stay }
}

/** What the order of a slot was for; a first order is the starter kit more often than a later one. */
export const goodsOf = (seed: number, person: number, slot: number, isFirst: boolean): OrderedGoods => {
  const amountCents = 900 + (hashNumbers(seed, GOODS.amount, person, slot) % 3200)
  const kit = isFirst && hashFraction(seed, SALT.kitFirst, person) < KIT_FIRST_SHARE
  const choice = hashNumbers(seed, GOODS.product, person, slot)
  if (kit || choice % 40 === 0) return { amountCents, product: STARTER_KIT }
  return { amountCents, product: OTHER_PRODUCTS[choice % OTHER_PRODUCTS.length] ?? 'refill' }
}

/** The number of the slot in which a moment lies; negative before the person signed up. */
export const slotAt = (signedUpAt: number, slotSeconds: number, at: number): number =>
  Math.floor((at - signedUpAt) / slotSeconds)

/** Kinds of events that simply happen once a slot. */
export type SlotEvent = keyof typeof EVENT

/** When the event of a slot happens. */
export const momentOf = (
  seed: number,
  person: number,
  event: { kind: SlotEvent; signedUpAt: number; slotSeconds: number; slot: number },
): number =>
  event.signedUpAt +
  event.slot * event.slotSeconds +
  (hashNumbers(seed, EVENT[event.kind], person, event.slot) % event.slotSeconds)

/** When the latest such event up to a moment happened; 0 when there was none. */
export const latestMoment = (
  seed: number,
  person: number,
  event: { kind: SlotEvent; signedUpAt: number; slotSeconds: number; at: number },
): number => {
  if (event.slotSeconds === 0) return 0
  const slot = slotAt(event.signedUpAt, event.slotSeconds, event.at)
  for (const candidate of [slot, slot - 1]) {
    if (candidate < 0) return 0
    const moment = momentOf(seed, person, { ...event, slot: candidate })
    if (moment <= event.at) return moment
  }
  return 0
}
