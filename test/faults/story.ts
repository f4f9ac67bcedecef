import type { EmulatorOptions } from '../../src/emulators/options.ts'
import { openWorld, type World } from '../support/world.ts'
import { captureWorld, restoreWorld, type Template } from './copy-world.ts'
import type { OracleRules } from './oracle.ts'
import { createSwitchboard, type Switchboard } from './process.ts'
import { ATTRIBUTE, openShop, type Shop } from './shop.ts'
import { type Expected, openWatch, type PastStep, UNDISTURBED, type Watch } from './watch.ts'

/** What happened to one audience before something goes wrong: days that pass, people who move, syncs that go well. */
export interface Story {
  readonly population: number
  readonly exit: OracleRules['exit']
  /** As the spec writes it. */
  readonly writtenExit: string
  /** Whether an attribute is the identifier, instead of the id. */
  readonly isByAttribute?: boolean
  readonly days: readonly Day[]
}

interface Day {
  /** How long after the one before. */
  readonly after?: string
  readonly act: (shop: Shop, segmentId: number) => Promise<void>
  /** Whether a sync follows. */
  readonly isSynced: boolean
}

/** One audience, its segment, and everybody who can do something to it. */
export interface Scene {
  readonly world: World
  readonly shop: Shop
  readonly watch: Watch
  readonly segmentId: number
  readonly switchboard: Switchboard
}

export type SceneOptions = Pick<EmulatorOptions, 'limits' | 'behaviour'>

interface Chapter {
  readonly template: Template
  readonly now: string
  readonly past: readonly PastStep[]
}

export const COHORT = 'ACT__Gate__2h'
export const SEGMENT = 'Gate'
/** So small that a few hundred people make several pages. */
const PAGE = 60

const told = new Map<Story, Promise<Chapter>>()

/** Opens the world as it is at the end of a story. It is told once; every scene is a copy of what came of it. */
export const openScene = async (story: Story, options: SceneOptions = {}): Promise<Scene> => {
  if (!told.has(story)) told.set(story, tellStory(story))
  const chapter = await told.get(story)
  if (!chapter) throw new Error('the story was not told')
  const { scene } = await openStage(story, options, chapter)
  await restoreWorld(scene.world, chapter.template)
  return { ...scene, watch: await watchOf(story, scene, chapter.past) }
}

const openStage = async (
  { population, days, isByAttribute }: Story,
  options: SceneOptions,
  chapter?: Chapter,
) => {
  const switchboard = createSwitchboard()
  const world = await openWorld({
    audiences: [],
    population,
    processingDelayMs: 0,
    ...options,
    ...(chapter ? { shopTime: new Date(chapter.now) } : {}),
    limits: { membershipPage: PAGE, ...options.limits },
    onRequest: switchboard.onRequest,
  })
  const shop = await openShop(world, population, { isByAttribute: isByAttribute === true })
  const segmentId = await shop.makeSegment(SEGMENT)
  if (chapter) for (const { act } of days) await act(shop, segmentId)
  return { scene: { world, shop, segmentId, switchboard } }
}

const watchOf = (
  { exit }: Story,
  { world, shop, segmentId }: Omit<Scene, 'watch'>,
  past: readonly PastStep[],
) => openWatch(world, shop, { audiences: [{ id: 'gate', cohort: COHORT, segmentId, rules: { exit } }], past })

const tellStory = async (story: Story): Promise<Chapter> => {
  const { scene } = await openStage(story, {})
  const { world, shop, segmentId } = scene
  const watch = await watchOf(story, scene, [])
  const expectWell = async (command: 'apply' | 'sync'): Promise<void> => {
    const expected: Expected = command === 'sync' ? UNDISTURBED : { kind: 'disturbed', read: 'none' }
    const { ended, troubles } = await watch.run(() => world[command](), expected)
    if (ended.exitCode !== 0 || troubles.length > 0)
      throw new Error(
        `the story went wrong: ${command} ended with ${ended.exitCode}\n${troubles}\n${ended.out}${ended.err}`,
      )
  }
  await world.write('gate.yaml', writeSpec(story, segmentId))
  for (const [index, { after, act, isSynced }] of story.days.entries()) {
    if (after !== undefined) await world.advance(after)
    await act(shop, segmentId)
    if (index === 0) await expectWell('apply')
    if (isSynced) await expectWell('sync')
  }
  const { now } = await world.ask<{ now: string }>('customerio', 'clock')
  return { template: await captureWorld(world, []), now, past: watch.past }
}

const writeSpec = ({ writtenExit, isByAttribute }: Story, segmentId: number): string =>
  `id: gate
name: ${COHORT}
description: Whoever stands at the gate.
intent: activation
use_case: gate
owner: { team: lifecycle, contact: lifecycle@example.com, approvers: ["@acme/lifecycle"] }
source: { segment: ${segmentId}, name: ${SEGMENT} }
identifier: { key: ${isByAttribute ? `{ attribute: ${ATTRIBUTE} }` : 'id'}, min_coverage: 50% }
exit: ${writtenExit}
timing: { window: 2h, sync_every: 1h }
rollout: { stage: live }
guards: { max_removal: 100%, max_growth: 1000% }
`
