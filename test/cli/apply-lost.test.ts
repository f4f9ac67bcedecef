import { describe, expect, test } from 'vitest'
import {
  ARCHIVE_CALL,
  COHORT_CALL,
  destinationSegments,
  expectSettled,
  madeSources,
  membersOf,
  SENDABLE_PATCH,
  SENDABLE_POST,
  SOURCE_DELETE,
  SOURCE_FILL,
  SOURCE_POST,
  someIds,
  useManualSource,
  writePlanFile,
} from '../support/apply-world.ts'
import { openWorld, type World } from '../support/world.ts'

type Vendor = 'customerio' | 'moengage'

const SMALL = { audiences: ['internal-qa', 'vip', 'winback'], population: 500 }

/** Everything that one apply can write: two suppressed audiences, and one that is fed from a manual segment. */
const openDeclared = async (): Promise<World> => {
  const world = await openWorld(SMALL)
  await useManualSource(world, await someIds(world, 12))
  await world.edit('winback.yaml', { suppressed_by: ['vip'] })
  return world
}

const openApplied = async (): Promise<World> => {
  const world = await openDeclared()
  await world.settle()
  expect((await world.sync()).exitCode).toBe(0)
  return world
}

interface Call {
  readonly vendor: Vendor
  readonly match: { readonly method: string; readonly route: string }
  readonly open: () => Promise<World>
  /** What makes the call part of the plan. */
  readonly change?: (world: World) => Promise<unknown>
}

const CALLS: Readonly<Record<string, Call>> = {
  'make a manual segment': { vendor: 'customerio', match: SOURCE_POST, open: openDeclared },
  'fill a manual segment': { vendor: 'customerio', match: SOURCE_FILL, open: openDeclared },
  'give birth to a cohort': { vendor: 'moengage', match: COHORT_CALL, open: openDeclared },
  'create a sendable segment': { vendor: 'moengage', match: SENDABLE_POST, open: openDeclared },
  'carry members over': {
    vendor: 'moengage',
    match: COHORT_CALL,
    open: openApplied,
    change: world => world.edit('vip.yaml', { name: 'ORC__Second__365d' }),
  },
  'rename a sendable segment': {
    vendor: 'moengage',
    match: SENDABLE_PATCH,
    open: openApplied,
    change: world => world.edit('winback.yaml', { name: 'ACT__Second__60d' }),
  },
  'archive a segment': {
    vendor: 'moengage',
    match: ARCHIVE_CALL,
    open: openApplied,
    change: world => world.remove('winback.yaml'),
  },
  'delete a manual segment': {
    vendor: 'customerio',
    match: SOURCE_DELETE,
    open: openApplied,
    change: world => world.remove('internal-qa.yaml'),
  },
}

const LOSSES: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'was done, and nobody said so': { kind: 'unknown', times: 'always' },
  'was never done, and nobody said so': { kind: 'reset', times: 'always' },
  'was taken, and nothing came of it': { kind: 'drop', times: 'always' },
}

const STORIES = Object.entries(CALLS).flatMap(([what, call]) =>
  Object.entries(LOSSES).map(([how, loss]) => ({ what, how, call, loss })),
)

/** Whatever was lost: one segment for each thing that is declared, and everyone where they belong. */
const expectWhole = async (world: World): Promise<void> => {
  const { objects } = await world.state()
  const names = [...objects.values()]
    .filter(({ kind }) => kind === 'cohort' || kind === 'sendable')
    .map(({ attributes }) => String(attributes.name))
  const active = (await destinationSegments(world)).filter(({ archived }) => !archived)
  for (const name of names) expect(active.filter(each => each.name === name).length).toBe(1)
  const sources = [...objects.values()].filter(({ kind }) => kind === 'source')
  const made = await madeSources(world)
  expect(made.length).toBe(sources.length)
  for (const { count } of made) expect(count).toBe(12)
  for (const { kind, attributes, audience } of objects.values()) {
    if (kind !== 'cohort') continue
    const recorded = (await world.state()).members.get(audience) ?? 0
    // A few people of the shop are not known to MoEngage.
    expect((await membersOf(world, String(attributes.name))).length).toBeGreaterThan(recorded * 0.8)
  }
}

describe('a write whose outcome is lost', () => {
  test.each(STORIES)(
    'a call to $what that $how is made good by the same plan again',
    async ({ call, loss }) => {
      const world = await call.open()
      await call.change?.(world)
      const { path } = await writePlanFile(world)
      await world.fault(call.vendor, { match: call.match, ...loss })
      const lost = await world.apply({ planFile: path, yes: false })
      expect([0, 4]).toContain(lost.exitCode)
      await world.ask(call.vendor, 'faults', undefined, 'DELETE')
      const again = await world.apply({ planFile: path, yes: false })
      expect(`${again.failed ?? ''} ${again.err}`).not.toContain('stale')
      if (again.exitCode !== 0) expect((await world.apply()).exitCode).toBe(0)
      await world.sync({ full: true })
      await expectWhole(world)
      await expectSettled(world)
    },
  )
})
