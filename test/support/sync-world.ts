import type { Run } from '../../src/engine/run.ts'
import { type Allowance, syncAudiences } from '../../src/engine/sync.ts'
import type { Audience } from '../../src/model/audience.ts'
import { type Failure, FailureError } from '../../src/model/failure.ts'
import type { Direction, SyncResult } from '../../src/model/membership.ts'
import type { SyncEnd } from '../../src/model/outcome.ts'
import type { RecordedState } from '../../src/model/recorded.ts'
import type { Workspace } from '../../src/model/workspace.ts'
import type {
  DestinationSegment,
  DestinationWriter,
  ProgressEvent,
  Reader,
  Store,
  UserLookup,
} from '../../src/ports.ts'
import { aWorkspace } from './audience.ts'
import { createMemoryStore } from './memory-store.ts'
import { applied, segmentsFor } from './planning.ts'

/** One Cohort Sync call as it arrives. */
export interface ArrivingCall {
  /** The cohort's name. */
  readonly cohort: string
  readonly direction: Direction
  readonly identifiers: readonly string[]
}

/** What MoEngage makes of a call: takes it, refuses it, or takes it and gives no answer. */
export type Answer = Failure | 'lost, done' | 'lost, not done' | undefined

/** Audiences that are applied, both vendors and a store in memory: for syncs, call by call. */
export interface SyncWorld {
  readonly store: Store
  /** The moment of the next sync. */
  now: string
  /** How long calls take: the machine's clock goes on while the run's moment stands still. */
  callTakesMs: number
  /** Who is in the segment of an audience. */
  people(audience: string, ids: readonly string[]): void
  /** Who is in a cohort, by what MoEngage took. */
  members(audience: string): readonly string[]
  /** MoEngage merges or deletes a user: they are in no cohort any more, and nobody is told. */
  lose(id: string): void
  /** Every call that was made, in the order of their beginnings. */
  readonly calls: readonly ArrivingCall[]
  forgetCalls(): void
  /** Decides about each call when it is answered. It may take its time. */
  answer: (call: ArrivingCall) => Answer | Promise<Answer>
  /** What MoEngage lists; throwing is allowed. */
  list: () => readonly DestinationSegment[]
  readonly events: readonly ProgressEvent[]
  /** Aborts as Ctrl-C does. */
  interrupt(): void
  sync(options?: WorldSyncOptions): Promise<SyncEnd>
  /** The row of one audience. */
  row(end: SyncEnd, audience: string): SyncResult
  state(): Promise<RecordedState>
}

export interface WorldSyncOptions {
  readonly full?: boolean
  readonly only?: readonly string[]
  readonly allow?: readonly Allowance[]
}

export interface SyncWorldOptions {
  readonly audiences: readonly Audience[]
  readonly workspace?: Partial<Workspace>
  /** Absent: nobody can be looked up. */
  readonly users?: UserLookup
  /** Bytes of a call: 10, and 10 for each member. */
  readonly budgetBytes?: number
}

/** How a vendor's refusal looks to the engine. */
export const refusal = (code: string, status: number, more: Partial<Failure> = {}): Failure => ({
  origin: 'moengage',
  code,
  detail: `MoEngage answered ${status}.`,
  retryable: false,
  status,
  ...more,
})

const CALL_BYTES = 10

export const openSyncWorld = async ({
  audiences,
  workspace: changes = {},
  users,
  budgetBytes = 10_000,
}: SyncWorldOptions): Promise<SyncWorld> => {
  const workspace: Workspace = { ...aWorkspace, ...changes }
  const store = await createMemoryStore().open()
  const { objects } = applied(audiences, { workspace })
  await store.commit([...objects.values()].map(object => ({ kind: 'object', object })))

  const segments = segmentsFor(audiences)
  const sources = new Map<number, readonly string[]>()
  const cohorts = new Map<string, Set<string>>()
  const calls: ArrivingCall[] = []
  const events: ProgressEvent[] = []
  let interruption = new AbortController()
  let runs = 0
  let elapsedMs = 0

  const reader: Reader = {
    source: {
      listSegments: async () => segments,
      readSegment: async id => segments.find(({ segmentId }) => segmentId === id),
      countPeople: async id => (sources.get(id) ?? []).length,
      readPeoplePage: async id => ({
        people: (sources.get(id) ?? []).map(value => ({ person: `c_${value}`, value })),
      }),
      readSegmentUse: async () => undefined,
    },
    destination: {
      listSegments: async () => world.list(),
      readSendable: async () => undefined,
      refusesIdentifier: () => undefined,
    },
  }

  const take = ({ cohort, direction, identifiers }: ArrivingCall): void => {
    const members = cohorts.get(cohort) ?? new Set()
    cohorts.set(cohort, members)
    for (const each of identifiers) direction === 'add' ? members.add(each) : members.delete(each)
  }

  const destination: Partial<DestinationWriter> = {
    sizeBatch: () => ({ budgetBytes, envelopeBytes: CALL_BYTES, memberBytes: () => CALL_BYTES }),
    changeMembers: async ({ name }, direction, identifiers) => {
      const call = { cohort: name, direction, identifiers }
      calls.push(call)
      elapsedMs += world.callTakesMs
      const answer = await world.answer(call)
      if (answer === undefined || answer === 'lost, done') take(call)
      if (answer === undefined) return
      throw new FailureError(
        typeof answer === 'string'
          ? refusal('provider/timeout', 408, { retryable: true, outcomeUnknown: true })
          : answer,
      )
    },
  }

  const clockOfRun = (): (() => string) => {
    const [startedAt, startedMs] = [Date.parse(world.now), elapsedMs]
    return () => new Date(startedAt + elapsedMs - startedMs).toISOString()
  }

  const nameOf = (id: string): string => audiences.find(audience => audience.id === id)?.name ?? id

  const world: SyncWorld = {
    store,
    now: '2026-11-23T10:00:00.000Z',
    callTakesMs: 1,
    people: (id, ids) => {
      const source = audiences.find(audience => audience.id === id)?.source
      if (source?.kind === 'segment') sources.set(source.segmentId, ids)
    },
    members: id => [...(cohorts.get(nameOf(id)) ?? [])].sort(),
    lose: id => {
      for (const members of cohorts.values()) members.delete(id)
    },
    calls,
    forgetCalls: () => void calls.splice(0),
    answer: () => undefined,
    list: () =>
      [...objects.values()].flatMap(({ kind, remoteId, attributes }) =>
        kind === 'cohort' && remoteId !== undefined ? [{ remoteId, name: String(attributes.name) }] : [],
      ),
    events,
    interrupt: () => interruption.abort(),
    sync: async ({ full = false, only, allow = [] } = {}) => {
      runs += 1
      interruption = new AbortController()
      // Writing to manual segments and exports are no part of this world.
      const run = {
        runId: `run-${runs}`,
        now: world.now,
        workspace,
        clock: { now: clockOfRun(), monotonicMs: () => elapsedMs, sleep: async () => undefined },
        store,
        reader,
        writer: { destination },
        ...(users ? { users } : {}),
        reporter: { report: (event: ProgressEvent) => void events.push(event) },
        signal: interruption.signal,
      } as unknown as Run
      return syncAudiences(run, audiences, { full, allow, ...(only ? { only: new Set(only) } : {}) })
    },
    row: ({ reports }, id) => {
      const report = reports.find(({ result }) => result.id === id)
      if (!report) throw new Error(`no report of ${id}`)
      return report.result
    },
    state: () => store.readState(),
  }
  return world
}

/** `usr_001` and so on. */
export const someUsers = (count: number, from = 1): readonly string[] =>
  Array.from({ length: count }, (_each, index) => `usr_${String(from + index).padStart(3, '0')}`)
