import assert from 'node:assert/strict'
import fc from 'fast-check'
import { sendableName } from '../../src/model/audience.ts'
import type { Diagnostic } from '../../src/model/diagnostic.ts'
import type { WrittenPlan } from '../../src/model/generated/plan.ts'
import { pendingChanges } from '../../src/model/plan.ts'
import { audienceOf } from '../../src/plan/address.ts'
import { writePlan } from '../../src/plan/document.ts'
import type { LyingWorld } from './lying-world.ts'
import { adoptAudience, EDITS, moveBack, renameAudience, renameSource, wakeUp } from './programme.ts'

/** One thing that happens. `pick` decides the rest. */
export interface Step {
  readonly what: string
  readonly pick: number
}

const RATES = [0, 0.02, 0.1, 0.4]

/** What happens around the commands: people move, other hands meddle, vendors begin to lie, time passes. */
const EVENTS: Readonly<Record<string, (world: LyingWorld, pick: number) => unknown>> = {
  people: ({ customerio }, pick) => customerio.movePerson(pick),
  time: (world, pick) => world.passTime(1 + (pick % 30)),
  settle: ({ moengage }) => moengage.settle(),
  lies: ({ liar }, pick) => {
    liar.rate = RATES[pick % RATES.length] ?? 0
  },
  foreign: (world, pick) => {
    const { names } = world.programme
    const name = names[pick % names.length] ?? 'ORC__Other__1d'
    return world.addForeign('moengage', [name, sendableName(name), `${name}X`][pick % 3] ?? name)
  },
  import: async (world, pick) => {
    const { audiences } = world.programme
    const name = audiences[pick % audiences.length]?.name
    if (name === undefined) return
    for (const each of [name, sendableName(name)]) await world.addForeign('moengage', each)
    world.programme = EDITS.adopt?.(world.programme, pick) ?? world.programme
  },
  'foreign source': (world, pick) => world.addForeign('customerio', `Team ${'abcd'[pick % 4]}`),
  meddle: ({ moengage }, pick) => {
    const filters = moengage.all().filter(segment => segment.kind === 'filter')
    const segment = filters[pick % filters.length]
    if (segment?.kind === 'filter') moengage.meddle(segment)
  },
  archive: ({ moengage }, pick) => {
    const all = moengage.all()
    const segment = all[pick % all.length]
    if (segment) moengage.archive(segment, pick % 2 === 0)
  },
  crash: ({ store }, pick) => store.crashAt(1 + (pick % 12), pick % 2 === 0 ? 'before' : 'after'),
}

const COMMANDS = ['plan', 'apply', 'apply', 'apply reviewed', 'sync', 'sync']

/** Steps in which edits, events and commands come about equally often. */
export const anyStep: fc.Arbitrary<Step> = fc.record({
  what: fc.oneof(
    fc.constantFrom(...Object.keys(EDITS)),
    fc.constantFrom(...Object.keys(EVENTS)),
    fc.constantFrom(...COMMANDS),
  ),
  pick: fc.nat(1_000_000),
})

/** Takes steps, keeping the plan that was made last: an older one may be applied later. */
export const takeSteps = async (world: LyingWorld, steps: readonly Step[]): Promise<void> => {
  let reviewed: WrittenPlan | undefined
  for (const { what, pick } of steps) {
    const edit = EDITS[what]
    if (edit) world.programme = edit(world.programme, pick)
    else if (what === 'plan') reviewed = reload(await world.plan())
    else if (what === 'apply') await world.apply()
    else if (what === 'apply reviewed') await world.apply(reviewed)
    else if (what === 'sync') await world.sync()
    else await EVENTS[what]?.(world, pick)
  }
}

/** Through text, as a file would bring it back. */
export const reload = (plan: Parameters<typeof writePlan>[0] | undefined): WrittenPlan | undefined =>
  plan && (JSON.parse(JSON.stringify(writePlan(plan))) as WrittenPlan)

const MOST_ROUNDS = 12

/** The vendors tell the truth again, nothing is held back, and whoever is refused does what the hint says. */
export const comeToRest = async (world: LyingWorld): Promise<void> => {
  world.liar.rate = 0
  world.store.crashAt(1_000_000, 'before')
  for (const segment of world.moengage.all())
    if (segment.archivedAtMs !== undefined) world.moengage.archive(segment, false)
  world.customerio.fillEmpty()
  // Which of several manual segments of one name is ours, nobody can tell: a person clears that up.
  const { objects } = await world.store.readState()
  world.customerio.clearForeign(new Set([...objects.values()].map(({ remoteId }) => String(remoteId))))
  world.programme = wakeUp(world.programme)
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    // Contrary calls wait for what has no answer yet.
    world.passTime(1)
    const applied = await world.apply()
    assert.notEqual(applied.kind, 'ended', 'an honest apply came to no end')
    // What waits for a sync says so.
    await world.sync()
    if (applied.kind === 'refused') obey(world, applied.plan.refusals)
    else if (applied.kind === 'done' && pendingChanges(applied.plan).length === 0) return
  }
  const plan = await world.plan()
  assert.fail(`it does not come to rest:\n${JSON.stringify([plan?.refusals, plan && pendingChanges(plan)])}`)
}

/** Every refusal begins with the address that it concerns, and hints at what to do. */
const obey = (world: LyingWorld, refusals: readonly Diagnostic[]): void => {
  for (const { code, detail, hint } of refusals) {
    const address = detail.slice(0, detail.indexOf(':'))
    const id = audienceOf(address)
    const [, name] = /(?:with the name|name back to) "([^"]+)"/.exec(hint ?? '') ?? []
    const [, former] = /under the id "([^"]+)"/.exec(hint ?? '') ?? []
    if (code === 'guard/takeover' && hint?.includes('adopt: true'))
      world.programme = adoptAudience(world.programme, id)
    else if (code === 'guard/unfinished-rename' && former !== undefined)
      world.programme = moveBack(world.programme, id, former)
    else if (code === 'guard/unfinished-rename' || code === 'guard/unsynced-rename')
      world.programme = renameAudience(world.programme, id, name)
    else if (address.startsWith('source.')) world.programme = renameSource(world.programme, id)
    else world.programme = renameAudience(world.programme, id)
  }
}
