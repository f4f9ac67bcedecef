import { applyPlan } from '../../src/engine/apply.ts'
import { acknowledgeHints } from '../../src/engine/apply-notes.ts'
import { refreshObserved } from '../../src/engine/refresh.ts'
import type { Run } from '../../src/engine/run.ts'
import { syncAudiences } from '../../src/engine/sync.ts'
import { sendableName } from '../../src/model/audience.ts'
import { failureOf } from '../../src/model/failure.ts'
import type { WrittenPlan } from '../../src/model/generated/plan.ts'
import type { Plan } from '../../src/model/plan.ts'
import type { RecordedState } from '../../src/model/recorded.ts'
import { writePlan } from '../../src/plan/document.ts'
import type { Observed } from '../../src/plan/observed.ts'
import { planChanges } from '../../src/plan/plan-changes.ts'
import { comparePlans } from '../../src/plan/stale.ts'
import type { Reader, Writer } from '../../src/ports.ts'
import { CrashError, createMemoryStore, type MemoryStore } from '../support/memory-store.ts'
import { aTarget } from '../support/plan.ts'
import { watchIntents } from './intents.ts'
import { createLiar, type Liar } from './lies.ts'
import { createLyingCustomerio, type LyingCustomerio } from './lying-customerio.ts'
import { createLyingMoengage, type LyingMoengage } from './lying-moengage.ts'
import { checkRecord, createOwnership } from './ownership.ts'
import { FIRST_PROGRAMME, type Programme } from './programme.ts'

const STARTED = Date.parse('2026-11-23T10:00:00.000Z')
const HOUR_MS = 3_600_000

/** How an apply ended. `ended`: nothing could be read, or the process was killed. */
export type Applied =
  | { readonly kind: 'done' | 'refused'; readonly plan: Plan }
  | { readonly kind: 'stale' | 'ended' }

/** Both vendors, a store, the specs, and the commands over them, all in memory. */
export interface LyingWorld {
  programme: Programme
  readonly liar: Liar
  readonly moengage: LyingMoengage
  readonly customerio: LyingCustomerio
  readonly store: MemoryStore
  /** Every write call that was begun. */
  readonly calls: readonly string[]
  /** Every action that was carried out, by kind of object. */
  readonly actions: ReadonlySet<string>
  /** Undefined when nothing could be read. */
  plan(): Promise<Plan | undefined>
  /** With a reviewed plan: does that, or stops. */
  apply(reviewed?: WrittenPlan): Promise<Applied>
  sync(): Promise<void>
  passTime(hours: number): void
  /** Somebody else makes a segment of this name. */
  addForeign(vendor: 'moengage' | 'customerio', name: string): Promise<void>
}

/** Every command checks what must hold: each call as it is made, and the record once it ended. */
export const createLyingWorld = (seed: number): LyingWorld => {
  let nowMs = STARTED
  let runs = 0
  const actions = new Set<string>()
  const now = (): string => new Date(nowMs).toISOString()
  const liar = createLiar(seed)
  const store = createMemoryStore({ clock: { now } })
  const ownership = createOwnership({
    readState: store.readState,
    isOurs: { segment: id => moengage.isOurs(id), source: id => customerio.isOurs(id) },
    isForeign: name =>
      moengage.all().some(segment => segment.name === name && !moengage.isOurs(segment.id)) ||
      customerio.hasForeign(name),
  })
  const parts = { liar, kill: () => store.crashAt(1, 'before'), watch: ownership.moengage }
  const moengage = createLyingMoengage(parts)
  const customerio = createLyingCustomerio(parts, ownership.customerio)
  const reader: Reader = { source: customerio.reader, destination: moengage.reader }
  const { writer, calls } = recordCalls({ source: customerio.writer, destination: moengage.writer })

  const makePlan = async (recorded: RecordedState): Promise<{ plan: Plan; observed: Observed }> => {
    const { audiences, workspace } = world.programme
    const adopting = audiences.flatMap(({ adopt, name, suppressedBy }) =>
      adopt && suppressedBy.length > 0 ? [sendableName(name)] : [],
    )
    const observed = await refreshObserved(reader, recorded, adopting)
    const plan = planChanges({
      workspace,
      audiences,
      specs: { audiences, testers: workspace.qa.testers, forget: workspace.forget },
      target: aTarget,
      recorded,
      observed,
      refusals: [],
      now: now(),
      musterVersion: '0.0.0-test',
    })
    return { plan, observed }
  }

  /** As the command line does it: takes the store, works, and lets go whatever happens. */
  const withRun = async <T>(command: 'apply' | 'sync', work: (run: Run) => Promise<T>) => {
    ownership.begin(command)
    runs += 1
    try {
      const held = watchIntents(await store.open(), {
        intoCohort: ownership.intending,
        intoSource: customerio.intending,
      })
      const run: Run = {
        runId: `run-${runs}`,
        now: now(),
        workspace: world.programme.workspace,
        clock: { now, monotonicMs: () => 0, sleep: async () => moengage.settle() },
        store: held,
        reader,
        writer,
        exports: customerio.exports,
        claimedExports: new Set(),
        reporter: { report: () => undefined },
        signal: new AbortController().signal,
      }
      try {
        return await work(run)
      } finally {
        await held.close()
      }
    } catch (error) {
      if (error instanceof CrashError || failureOf(error)) return undefined
      throw error
    } finally {
      checkRecord(await store.readState())
    }
  }

  const world: LyingWorld = {
    programme: FIRST_PROGRAMME,
    liar,
    moengage,
    customerio,
    store,
    calls,
    actions,
    plan: async () => {
      ownership.begin('plan')
      return (await makePlan(await store.readState())).plan
    },
    apply: async reviewed =>
      (await withRun('apply', async run => {
        const { plan, observed } = await makePlan(await run.store.readState())
        const fresh = writePlan(plan)
        if (reviewed && comparePlans(reviewed, fresh).kind === 'stale') return { kind: 'stale' } as const
        if (plan.refusals.length > 0) return { kind: 'refused', plan } as const
        const audiences = new Map(world.programme.audiences.map(audience => [audience.id, audience]))
        for (const { change, result } of await applyPlan(run, plan, { audiences, observed }))
          if (result.kind === 'done') actions.add(`${change.action} ${change.kind}`)
        await acknowledgeHints(run, { observed }, reviewed ?? fresh)
        return { kind: 'done', plan } as const
      })) ?? { kind: 'ended' },
    sync: async () => {
      const { audiences } = world.programme
      await withRun('sync', run => syncAudiences(run, audiences, { allow: [], full: false }))
    },
    passTime: hours => {
      nowMs += hours * HOUR_MS
      moengage.settle()
    },
    addForeign: async (vendor, name) => {
      await ownership.taken(name)
      if (vendor === 'moengage') moengage.addForeign(name)
      else customerio.addForeign(name)
    },
  }
  return world
}

/** Notes each call before it is made, in words that two worlds can be compared by. */
const recordCalls = ({ source, destination }: Writer): { writer: Writer; calls: string[] } => {
  const calls: string[] = []
  const note = (...words: readonly unknown[]): void => void calls.push(JSON.stringify(words))
  return {
    calls,
    writer: {
      source: {
        createSegment: definition => {
          note('create source', definition)
          return source.createSegment(definition)
        },
        changePeople: (id, direction, ids) => {
          note('fill source', id, direction, ids)
          return source.changePeople(id, direction, ids)
        },
        deleteSegment: id => {
          note('delete source', id)
          return source.deleteSegment(id)
        },
      },
      destination: {
        sizeBatch: destination.sizeBatch,
        changeMembers: (cohort, direction, ids) => {
          note('members', cohort, direction, ids)
          return destination.changeMembers(cohort, direction, ids)
        },
        createSendable: definition => {
          note('create sendable', definition)
          return destination.createSendable(definition)
        },
        updateSendable: (remoteId, definition) => {
          note('update sendable', remoteId, definition)
          return destination.updateSendable(remoteId, definition)
        },
        retireSegment: segment => {
          note('archive', segment)
          return destination.retireSegment(segment)
        },
      },
    },
  }
}
