import { appendFileSync } from 'node:fs'
import { DAY_MS } from '../../src/model/time.ts'
import { createSwitchboard } from '../faults/process.ts'
import { openShop, type Shop } from '../faults/shop.ts'
import { openWatch, type Seen, UNDISTURBED, type Watch, type WatchedAudience } from '../faults/watch.ts'
import { openWorld, type World } from '../support/world.ts'
import { beginChurn } from './churn.ts'
import { createDice, type Dice } from './dice.ts'
import { declareProgramme } from './programme.ts'
import { chooseTrouble } from './trouble.ts'

export interface SoakOptions {
  readonly days: number
  readonly seed: number
}

/** What came of a soak. */
export interface SoakReport {
  readonly syncs: number
  readonly disturbed: number
  readonly calls: number
  /** Memberships that were judged, and how many could not be told apart by anybody outside. */
  readonly judged: number
  readonly open: number
  readonly troubles: readonly string[]
}

const POPULATION = 500
const HOURS = 24
const TROUBLE = 0.25
/** How likely MoEngage loses a member by itself within an hour. */
const LOSS = 0.02
/** Everybody is sent again every seven days; a day more is for syncs that go wrong. */
const LONGEST_LOSS_MS = 8 * DAY_MS
const MOST_TROUBLES = 20

interface Soak {
  readonly world: World
  readonly shop: Shop
  readonly watch: Watch
  readonly audiences: readonly WatchedAudience[]
  readonly dice: Dice
}

/** Lives through some days, an hour and a sync at a time, and stops when too much has gone wrong. */
export const soak = async ({ days, seed }: SoakOptions): Promise<SoakReport> => {
  const dice = createDice(seed)
  const switchboard = createSwitchboard()
  const world = await openWorld({
    audiences: [],
    population: POPULATION,
    processingDelayMs: 0,
    limits: { membershipPage: 40 },
    onRequest: switchboard.onRequest,
  })
  const shop = await openShop(world, POPULATION)
  const { audiences, moved } = await declareProgramme(world, shop)
  const churn = await beginChurn(shop, moved, dice, POPULATION)
  const watch = await openWatch(world, shop, { audiences })
  const applied = await watch.run(() => world.apply(), { kind: 'disturbed', read: 'none' })
  if (applied.ended.exitCode !== 0) throw new Error(`apply failed:\n${applied.ended.out}${applied.ended.err}`)

  const parts: Soak = { world, shop, watch, audiences, dice }
  const count = { syncs: 0, disturbed: 0, calls: 0, judged: 0, open: 0 }
  const troubles: string[] = [...applied.troubles]
  const note = (when: string, seen: Seen): void => {
    count.judged += seen.judged
    count.open += seen.open
    troubles.push(...seen.troubles.map(trouble => `${when}: ${trouble}`))
  }
  let needsFull = false
  for (let hour = 0; hour < days * HOURS && troubles.length < MOST_TROUBLES; hour++) {
    if (hour > 0) await world.advance('1h')
    await churn.pass()
    if (dice.happens(LOSS)) await loseMember(parts)
    count.syncs += 1
    const when = `day ${Math.floor(hour / HOURS) + 1}, hour ${hour % HOURS}`
    if (hour > 0 && dice.happens(TROUBLE)) {
      const trouble = await chooseTrouble({
        world,
        switchboard,
        churn,
        dice,
        entering: () => findEntering(parts),
      })
      await trouble.stir()
      const seen = await watch.run(() => world.sync(), { kind: 'disturbed', read: 'unknown' })
      await trouble.calm()
      needsFull ||= trouble.needsFull === true
      count.disturbed += 1
      note(`${when}, ${trouble.name}`, seen)
      if (![0, 1, 3, 4].includes(seen.ended.exitCode)) troubles.push(`${when}: exit ${seen.ended.exitCode}`)
    } else {
      const seen = await watch.run(() => world.sync({ full: needsFull }), UNDISTURBED)
      const unsent = audiences.filter(({ id }) => watch.lostOf(id).size > 0)
      if (needsFull && unsent.length > 0) troubles.push(`${when}: not everybody was sent again`)
      needsFull = false
      note(when, seen)
      if (seen.ended.exitCode !== 0)
        troubles.push(`${when}: exit ${seen.ended.exitCode}\n${seen.ended.out}${seen.ended.err}`)
    }
    troubles.push(...(await checkLosses(parts, when)))
    if (hour % HOURS !== HOURS - 1) continue
    count.calls += await countCalls(world)
    tell(`day ${Math.floor(hour / HOURS) + 1}`, { ...count, troubles: troubles.length })
  }
  return { ...count, troubles }
}

/** Somebody whom the next sync is about to let in somewhere. */
const findEntering = async ({ watch, audiences, dice }: Soak): Promise<string | undefined> => {
  const audience = dice.pick(audiences)
  return audience && dice.pick(await watch.findEntering(audience.id))
}

/** MoEngage loses a member, as it does when somebody merges or deletes users there. Nobody is told. */
const loseMember = async ({ world, watch, audiences, dice }: Soak): Promise<void> => {
  const audience = dice.pick(audiences)
  if (!audience) return
  const { members = [] } = await world.ask<{ members?: readonly string[] }>(
    'moengage',
    `cohorts/${audience.cohort}`,
  )
  const uid = dice.pick(members)
  if (uid === undefined || !watch.oracleOf(audience.id).told.has(uid)) return
  await world.ask('moengage', `cohorts/${audience.cohort}`, { remove: [uid] })
  const { now } = await world.ask<{ now: string }>('customerio', 'clock')
  watch.lostOf(audience.id).set(uid, Date.parse(now))
}

const checkLosses = async ({ world, watch, audiences }: Soak, when: string): Promise<readonly string[]> => {
  const { now } = await world.ask<{ now: string }>('customerio', 'clock')
  return audiences.flatMap(({ id }) => {
    const old = [...watch.lostOf(id).values()].filter(at => at + LONGEST_LOSS_MS < Date.parse(now))
    return old.length === 0 ? [] : [`${when}: ${id}: ${old.length} lost members were never sent again`]
  })
}

/** The request log of a whole month would be long. */
const countCalls = async (world: World): Promise<number> => {
  const writes = (await world.requests('moengage')).filter(({ write }) => write)
  await world.forgetRequests()
  return writes.length
}

type Tally = Omit<SoakReport, 'troubles'> & { readonly troubles: number }

/** `npm run soak` prints these lines as they come. */
const tell = (day: string, { syncs, disturbed, calls, judged, open, troubles }: Tally): void => {
  const path = process.env.MUSTER_SOAK_REPORT
  const line =
    `${day}: ${syncs} syncs, ${disturbed} of them disturbed; ${calls} write calls; ` +
    `${judged} memberships judged, ${open} open; ${troubles} wrong`
  if (path) appendFileSync(path, `${line}\n`)
}
