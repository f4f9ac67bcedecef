import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createLyingWorld } from './lying-world.ts'
import { anyStep, comeToRest, reload, type Step, takeSteps } from './steps.ts'

const RUNS = 100
const { MUSTER_PROPERTY_SEED: seed = '20261123' } = process.env

const steps = (most: number): fc.Arbitrary<Step[]> => fc.array(anyStep, { maxLength: most })

/** Edits alone: then the next plan has something to do. */
const anyEdit = anyStep.filter(({ what }) =>
  ['rename', 'declare', 'remove', 'suppress', 'move'].includes(what),
)

const openWorldAfter = async (past: readonly Step[], edits: readonly Step[]) => {
  const world = createLyingWorld(7)
  await takeSteps(world, past)
  await comeToRest(world)
  await takeSteps(world, edits)
  return { world, before: world.calls.length }
}

test('a plan that went through a file is applied with the same calls as one that was just made', async () => {
  const property = fc.asyncProperty(
    steps(60),
    fc.array(anyEdit, { minLength: 1, maxLength: 5 }),
    async (past, edits) => {
      const fresh = await openWorldAfter(past, edits)
      const applied = await fresh.world.apply()
      const loaded = await openWorldAfter(past, edits)
      const reviewed = reload(await loaded.world.plan())
      const { kind } = await loaded.world.apply(reviewed)
      // What was refused when it was reviewed is not even looked at.
      expect(kind).toBe(applied.kind === 'refused' ? 'stale' : applied.kind)
      expect(loaded.world.calls.slice(loaded.before)).toEqual(fresh.world.calls.slice(fresh.before))
    },
  )
  await fc.assert(property, { numRuns: RUNS, seed: Number(seed) })
}, 600_000)
