import type { SyncGuard } from '../membership/guard.ts'
import type { Audience } from '../model/audience.ts'
import { compareText } from '../model/diagnostic.ts'
import type { SyncEnd } from '../model/outcome.ts'
import { recordEvidence } from './qa-evidence.ts'
import type { Run } from './run.ts'
import { createSlots, finishAll } from './slots.ts'
import { type PreparedSync, prepareSync, type SyncScope } from './sync-audience.ts'
import { createFlow, type SyncFlow } from './sync-flow.ts'
import { createListed } from './sync-lost.ts'
import { orderPushes } from './sync-order.ts'
import { markSynced, pushPrepared } from './sync-push.ts'
import { createAgainBudget, sendAgain } from './sync-reassert.ts'
import { reportTask, type SyncTask } from './sync-report.ts'
import { holdUnlessRemoved, holdUnlessSuppressed, preparedOf } from './sync-suppress.ts'

/** One `--allow id:guard:reason`. */
export interface Allowance {
  readonly audience: string
  readonly guard: SyncGuard
  readonly reason: string
}

export interface SyncOptions {
  /** Absent: all. */
  readonly only?: ReadonlySet<string>
  readonly allow: readonly Allowance[]
  /** Sends all wanted members again, not only those who are new. */
  readonly full: boolean
}

/** Reads that go on at once. They share one pace; more would only keep more spools open. */
const READS_AT_ONCE = 4

/** Cohorts that are sent to at once, with one call in flight each: enough for the pace to be what decides. */
const COHORTS_AT_ONCE = 8

/** What was found out about each audience, in the order of their ids. */
type Tasks = Map<string, SyncTask>

/**
 * Brings every cohort's members in line with its segment. All sources are read and compared before the first call;
 * then suppressions gain their members first and lose them last, so that nobody is briefly messaged in between. What is
 * only sent again comes after everything else.
 */
export const syncAudiences = async (
  run: Run,
  audiences: readonly Audience[],
  options: SyncOptions,
): Promise<SyncEnd> => {
  const chosen = audiences
    .filter(({ id }) => options.only?.has(id) ?? true)
    .sort((a, b) => compareText(a.id, b.id))
  const flow = createFlow(run)
  const state = await run.store.readState()
  const scope: SyncScope = { state, options, listed: createListed(flow.run, state) }
  const tasks: Tasks = new Map()
  try {
    await prepareAll(flow, chosen, { scope, tasks })
    await pushAll(flow, orderPushes(chosen, audiences), { scope, tasks })
    await finishEach(flow, tasks, markSynced)
    await sendAllAgain(flow, { scope, tasks })
    await finishEach(flow, tasks, recordEvidence)
  } finally {
    for (const task of tasks.values()) await preparedOf(task)?.delta.close()
  }
  const { members } = await run.store.readState()
  return {
    reports: [...tasks].map(([id, task]) => reportTask(id, task, members.get(id) ?? 0)),
    findings: await scope.listed.describeTrouble(),
  }
}

interface SyncWork {
  readonly scope: SyncScope
  readonly tasks: Tasks
}

const prepareAll = async (
  flow: SyncFlow,
  chosen: readonly Audience[],
  { scope, tasks }: SyncWork,
): Promise<void> => {
  const slots = createSlots(READS_AT_ONCE)
  // Their order is that of the reports, whichever is read first.
  for (const { id } of chosen) tasks.set(id, { kind: 'stopped' })
  await finishAll(
    chosen.map(audience =>
      slots.use(async () => {
        tasks.set(audience.id, await flow.step(() => prepareSync(flow.run, audience, scope)))
      }),
    ),
  )
}

/** One step after the other; within a step, all its audiences at once. */
const pushAll = async (
  flow: SyncFlow,
  steps: ReturnType<typeof orderPushes>,
  { scope, tasks }: SyncWork,
): Promise<void> => {
  for (const { direction, audiences } of steps) {
    const slots = createSlots(COHORTS_AT_ONCE)
    const push = async ({ id }: Audience): Promise<void> => {
      const task = tasks.get(id)
      if (task?.kind !== 'prepared') return
      const prepared =
        direction === 'add' ? holdUnlessSuppressed(task, tasks, scope.state) : holdUnlessRemoved(task, tasks)
      tasks.set(id, await flow.step(() => pushPrepared(flow.run, prepared, direction), prepared))
    }
    await finishAll(audiences.map(audience => slots.use(() => push(audience))))
  }
}

const sendAllAgain = async (flow: SyncFlow, { scope, tasks }: SyncWork): Promise<void> => {
  const terms = {
    budget: createAgainBudget(flow.run, scope.options.full),
    slots: createSlots(COHORTS_AT_ONCE),
  }
  await finishAll(
    [...tasks].map(async ([id, task]) => {
      if (task.kind !== 'prepared') return
      tasks.set(id, await flow.step(() => sendAgain(flow.run, task, terms), task))
    }),
  )
}

/** Writes something down about each audience that came this far. What the store refuses ends its own sync alone. */
const finishEach = async (
  flow: SyncFlow,
  tasks: Tasks,
  write: (run: Run, prepared: PreparedSync) => Promise<void>,
): Promise<void> => {
  for (const [id, task] of tasks) {
    if (task.kind !== 'prepared') continue
    tasks.set(id, await flow.step(() => write(flow.run, task).then(() => task), task))
  }
}
