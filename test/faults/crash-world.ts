import { join } from 'node:path'
import { openWorld, type World } from '../support/world.ts'
import { captureWorld, restoreWorld, type Template } from './copy-world.ts'
import { applyFirstState, changeSpecs, KNOWN_VIPS } from './first-state.ts'
import { type CrashPoint, createSwitchboard, type ProcessEnd, runProcess } from './process.ts'

/** A world with a reviewed plan in which every action occurs, and the real command line to apply it. */
export interface CrashWorld {
  readonly world: World
  /** Who was recorded for each cohort when the plan was made, by its name. */
  readonly recorded: ReadonlyMap<string, ReadonlySet<string>>
  /** `muster apply plan.json` as a process of its own. */
  apply(point?: CrashPoint): Promise<ProcessEnd>
}

interface FirstState extends Template {
  readonly recorded: CrashWorld['recorded']
}

let template: Promise<FirstState> | undefined

/** The first state is applied by the commands once for each file of tests; every world is a copy of it. */
const captureOnce = async (): Promise<FirstState> => {
  const world = await openWorld(OPTIONS)
  const recorded = await applyFirstState(world)
  await changeSpecs(world)
  return { recorded, ...(await captureWorld(world, KNOWN_VIPS)) }
}

const OPTIONS = { population: 400, processingDelayMs: 0 }

/** Opens a world in which the first state was applied and the specs were changed since, and has the plan reviewed. */
export const openCrashWorld = async (): Promise<CrashWorld> => {
  template ??= captureOnce()
  const { recorded, ...captured } = await template
  const switchboard = createSwitchboard()
  const world = await openWorld({ ...OPTIONS, onRequest: switchboard.onRequest })
  await restoreWorld(world, captured)
  const planFile = join(world.folder, 'plan.json')
  const planned = await world.plan({ out: planFile })
  if (planned.exitCode !== 0)
    throw new Error(`the plan was not made:
${planned.out}${planned.err}`)
  return {
    world,
    recorded,
    apply: point =>
      runProcess(world, ['apply', planFile], { switchboard, ...(point === undefined ? {} : { point }) }),
  }
}
