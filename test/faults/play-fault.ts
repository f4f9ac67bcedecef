import { appendFileSync } from 'node:fs'
import { DEFAULT_TIMEOUTS } from '../../src/providers/http.ts'
import type { Ended } from '../support/world.ts'
import { runProcess } from './process.ts'
import { SMALL_BATCH_BYTES } from './small-batches.ts'
import { openScene, type Scene } from './story.ts'
import { SYNC_FAULTS, type SyncFault } from './sync-faults.ts'
import { type ExitName, storyOf } from './sync-scene.ts'
import { type Expected, type Seen, UNDISTURBED } from './watch.ts'

/** What came of one fault and one exit rule. */
export interface FaultReport {
  readonly kind: 'sync'
  /** Its place in the table. */
  readonly order: number
  readonly fault: string
  readonly exit: ExitName
  /** Exit codes of the disturbed sync, of the same command again, and of the one after. */
  readonly runs: readonly (number | undefined)[]
  /** Empty when everything was right at every step. */
  readonly troubles: readonly string[]
}

/** A minute without an answer is too long for a test; what follows from it is the same. */
Object.assign(DEFAULT_TIMEOUTS, { headersMs: 2_000 })

/** Long enough for a call without an answer to be over, and a contrary one to be safe. */
const COOLING = '20m'
const LATER = '4d'

/**
 * After two syncs that went well, one goes wrong; then the same command again, once more to see that nothing is left to
 * do, and again days later, when everybody's time is up. Each is checked call by call.
 */
export const playFault = async (fault: SyncFault, exit: ExitName): Promise<FaultReport> => {
  const scene = await openScene(storyOf(exit, fault.isByAttribute), fault.scene)
  const { world, watch } = scene
  const troubles: string[] = []
  const sync = async (name: string, expected: Expected, options: { readonly full?: boolean } = {}) => {
    const seen = await watch.run(() => world.sync(options), expected)
    troubles.push(...seen.troubles.map(trouble => `${name}: ${trouble}`))
    return seen
  }
  const expectExit = (name: string, { ended }: Seen<Run>, exitCode: number | undefined): void => {
    if (ended.exitCode !== exitCode)
      troubles.push(`${name}: exit ${ended.exitCode}, not ${exitCode}\n${tell(ended)}`)
  }

  await fault.upset(scene)
  const disturbed = await watch.run(() => disturb(scene, fault), { kind: 'disturbed', read: fault.read })
  troubles.push(...disturbed.troubles.map(trouble => `disturbed: ${trouble}`))
  expectExit('disturbed', disturbed, fault.exit)
  await calmDown(scene, fault)

  await world.advance(COOLING)
  const expected: Expected = fault.isForGood ? { kind: 'disturbed', read: 'none' } : UNDISTURBED
  const last = fault.isForGood ? fault.exit : 0
  const again = await sync('again', expected, { full: fault.needsFull === true })
  expectExit('again', again, last)
  if (watch.lostOf('gate').size > 0) troubles.push('again: who was lost was not sent again')
  await world.forgetRequests()
  const third = await sync('third', expected)
  expectExit('third', third, last)
  if ((await countWrites(scene)) > 0) troubles.push('third: it makes write calls')
  if (!fault.isForGood) {
    await world.advance(LATER)
    expectExit('days later', await sync('days later', UNDISTURBED), 0)
  }

  const report: FaultReport = {
    kind: 'sync',
    order: SYNC_FAULTS.indexOf(fault),
    fault: fault.name,
    exit,
    runs: [disturbed, again, third].map(({ ended }) => ended.exitCode),
    troubles,
  }
  keepReport(report)
  return report
}

/** How a run ended, in this process or in one of its own. */
type Run = Partial<Ended> & { readonly text?: string }

const disturb = async (scene: Scene, { ends }: SyncFault): Promise<Run> =>
  ends
    ? runProcess(scene.world, ['sync'], {
        switchboard: scene.switchboard,
        batchBytes: SMALL_BATCH_BYTES,
        ...ends(),
      })
    : scene.world.sync()

const calmDown = async (scene: Scene, { calm, rejects }: SyncFault): Promise<void> => {
  scene.switchboard.listen(() => undefined)
  for (const vendor of ['customerio', 'moengage'] as const)
    await scene.world.ask(vendor, 'faults', undefined, 'DELETE')
  await calm?.(scene)
  if (rejects === undefined) return
  const { now } = await scene.world.ask<{ now: string }>('customerio', 'clock')
  scene.watch.oracleOf('gate').reject(rejects, Date.parse(now))
}

const countWrites = async ({ world }: Scene): Promise<number> =>
  [...(await world.requests('customerio')), ...(await world.requests('moengage'))].filter(
    ({ write }) => write,
  ).length

const tell = ({ out, err, failed, text }: Run): string => [failed, out, err, text].filter(Boolean).join('\n')

/** The sweep gathers its table from here. */
const keepReport = (report: FaultReport): void => {
  const path = process.env.MUSTER_FAULTS_REPORT
  if (path) appendFileSync(path, `${JSON.stringify(report)}\n`)
}
