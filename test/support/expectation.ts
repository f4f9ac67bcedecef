import { createHash } from 'node:crypto'
import type { World } from './world.ts'

/** A person of the shop with their raw past, as the emulator tells it. */
interface ShopPerson {
  readonly cio_id: string
  readonly id: string | null
  readonly orders: readonly { readonly at: string; readonly amount_cents: number; readonly product: string }[]
  readonly carts: readonly { readonly added_at: string }[]
  readonly cart_flow: readonly { readonly entered_at: string; readonly left_at: string | null }[]
  readonly app_opens: readonly string[]
}

/**
 * Who should be in each cohort, worked out a second time from the shop's raw history: it shares no code with muster
 * and none with the emulator's own segments. Written as the segments' names read.
 */
export const expectCohorts = async (world: World): Promise<ReadonlyMap<string, readonly string[]>> => {
  const { now, people } = await readShop(world)
  const cohorts = new Map<string, readonly string[]>()
  for (const [audience, isIn] of Object.entries(DEFINITIONS)) {
    const members = people.filter(person => isIn(person, now)).map(person => person.id)
    const sendable = members.filter((id): id is string => id !== null && !RESERVED.has(id.toLowerCase()))
    const known = await Promise.all(sendable.map(async id => ((await isKnown(world, id)) ? [id] : [])))
    cohorts.set(audience, known.flat().sort())
  }
  return cohorts
}

/** Sendable segments by audience: the cohort less its suppressions. */
export const expectSendables = async (world: World): Promise<ReadonlyMap<string, readonly string[]>> => {
  const cohorts = await expectCohorts(world)
  const without = (audience: string, suppressions: readonly string[]): readonly string[] => {
    const suppressed = new Set(suppressions.flatMap(each => cohorts.get(each) ?? []))
    return (cohorts.get(audience) ?? []).filter(id => !suppressed.has(id))
  }
  return new Map([
    ['cart-abandon', without('cart-abandon', ['recent-purchasers', 'vip', 'active-in-app'])],
    [
      'starter-kit-cross-sell',
      without('starter-kit-cross-sell', ['recent-purchasers', 'vip', 'active-in-app']),
    ],
    ['winback', without('winback', ['recent-purchasers', 'vip', 'active-in-app'])],
  ])
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const latest = (times: readonly string[]): number =>
  Math.max(Number.NEGATIVE_INFINITY, ...times.map(Date.parse))
const lastOrder = (person: ShopPerson): number => latest(person.orders.map(({ at }) => at))
const isBetween = (moment: number, now: number, from: number, to: number): boolean =>
  now - moment >= from && now - moment <= to

type Definition = (person: ShopPerson, now: number) => boolean

const DEFINITIONS: Readonly<Record<string, Definition>> = {
  'active-in-app': (person, now) => isBetween(latest(person.app_opens), now, 0, 30 * MINUTE),
  'cart-abandon': (person, now) => {
    const cart = latest(person.carts.map(({ added_at }) => added_at))
    const isInFlow = person.cart_flow.some(
      ({ entered_at, left_at }) =>
        Date.parse(entered_at) <= now && (left_at === null || Date.parse(left_at) > now),
    )
    return isBetween(cart, now, 90 * MINUTE, 24 * HOUR) && lastOrder(person) < cart && !isInFlow
  },
  'internal-qa': person => /^emp_0(0[1-9]|10)$/.test(person.id ?? ''),
  'recent-purchasers': (person, now) => isBetween(lastOrder(person), now, 0, 7 * DAY),
  'starter-kit-cross-sell': (person, now) => {
    const last = person.orders.reduce<ShopPerson['orders'][number] | undefined>(
      (newest, order) => (newest && newest.at > order.at ? newest : order),
      undefined,
    )
    const isKitOnly = last !== undefined && /kit/i.test(last.product) && now - Date.parse(last.at) >= 30 * DAY
    return isKitOnly && isFirstFifth('starter-kit-cross-sell', person.cio_id)
  },
  vip: ({ orders }) =>
    orders.length >= 3 && orders.reduce((sum, { amount_cents }) => sum + amount_cents, 0) > 50_000,
  winback: (person, now) => isBetween(lastOrder(person), now, 60 * DAY, 120 * DAY),
}

/** The canary's 20 %: first four bytes of SHA-256, as the decision on stages writes it down. */
const isFirstFifth = (audience: string, person: string): boolean => {
  const hash = createHash('sha256').update(`${audience}\n${person}`).digest('hex')
  return Number.parseInt(hash.slice(0, 8), 16) % 10_000 < 2_000
}

const RESERVED = new Set(
  'unknown,guest,null,0,1,true,false,na,n/a,user_id,id,customer_id,uid,userid,none,-2,-1,2'.split(','),
)

const isKnown = async (world: World, id: string): Promise<boolean> =>
  (await world.ask<{ known: boolean }>('moengage', `users/${encodeURIComponent(id)}`)).known

const readShop = async (world: World): Promise<{ now: number; people: readonly ShopPerson[] }> => {
  const people: ShopPerson[] = []
  let now = ''
  for (let after: number | null = 0; after !== null; ) {
    const page: { now: string; people: ShopPerson[]; next: number | null } = await world.ask(
      'customerio',
      `people?after=${after}&limit=1000`,
    )
    people.push(...page.people)
    now = page.now
    after = page.next
  }
  return { now: Date.parse(now), people }
}
