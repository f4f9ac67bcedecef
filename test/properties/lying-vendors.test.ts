import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pendingChanges } from '../../src/model/plan.ts'
import { createLyingWorld } from './lying-world.ts'
import { anyStep, comeToRest, takeSteps } from './steps.ts'

const RUNS = Number(process.env.MUSTER_PROPERTY_RUNS ?? 500)
const STEPS = 200
const SEED = Number(process.env.MUSTER_PROPERTY_SEED ?? 20_261_123)

test(`whatever ${RUNS * STEPS} steps bring, nothing that is not ours is touched, and it comes to rest`, async () => {
  const property = fc.asyncProperty(
    fc.nat(),
    fc.array(anyStep, { minLength: STEPS, maxLength: STEPS }),
    async (seed, steps) => {
      const world = createLyingWorld(seed)
      await takeSteps(world, steps)
      await comeToRest(world)
      const plan = await world.plan()
      expect(plan && pendingChanges(plan)).toEqual([])
    },
  )
  await fc.assert(property, { numRuns: RUNS, seed: SEED })
}, 600_000)
