import type { AudienceId } from '../model/audience.ts'
import type { Assertion, Lock, RecordedState } from '../model/recorded.ts'
import type { StoreWrite } from '../model/store-write.ts'
import { createPagedMap, type PagedMap } from './paged-map.ts'
import { changeSmallState, isLogged } from './small-state.ts'

/** What a commit did, and the head after it. */
interface Commit {
  readonly head: number
  readonly writes: readonly StoreWrite[]
}

/** Where the state is kept, each time of one moment, and with every ledger counted. */
export interface StateSource {
  readState(): Promise<RecordedState>
  readSizes(): Promise<ReadonlyMap<string, number>>
}

const CHANGE_SIZES: readonly StoreWrite['kind'][] = ['member', 'batch', 'move-ledger', 'drop-ledger']

/**
 * The small state of a store that this process holds, in memory: read from the store once, then changed as the store
 * is. Nobody else can write meanwhile, so that nothing is read again but the sizes of ledgers.
 */
export interface HeldState {
  /** With every ledger counted. `own` is the lock that this process holds the store under. */
  read(own?: Lock): Promise<RecordedState>
  /** Sizes of ledgers may be those of before. */
  readUncounted(): Promise<RecordedState>
  /** Takes over what the store has taken. */
  take(commit: Commit): void
  /** A ledger changed outside a commit. */
  markUncounted(): void
  /** The lock is released, and nobody can have taken another. */
  unlock(): void
  /** Only the store knows what became of a commit that failed: the next look reads all of it again. */
  forget(): void
}

/** Reads nothing until it is asked. The caller sees to it that no commit is under way while it reads. */
export const createHeldState = (source: StateSource): HeldState => {
  let known: KnownState | undefined
  let isCounted = false

  const load = async (): Promise<KnownState> =>
    known ? countIn(known, await source.readSizes()) : toKnown(await source.readState())
  return {
    read: async own => {
      if (!known || !isCounted) {
        // Said first: what changes while we count is counted the next time.
        isCounted = true
        known = await load().catch((error: unknown) => {
          isCounted = false
          throw error
        })
      }
      return viewState(known, own)
    },
    readUncounted: async () => {
      known ??= await load()
      return viewState(known)
    },
    take: commit => {
      if (commit.writes.some(({ kind }) => CHANGE_SIZES.includes(kind))) isCounted = false
      if (known) known = changeKnown(known, commit)
    },
    markUncounted: () => {
      isCounted = false
    },
    unlock: () => {
      if (!known) return
      const { lock: _released, ...rest } = known
      known = rest
    },
    forget: () => {
      known = undefined
    },
  }
}

type Paged<T> = T extends ReadonlyMap<infer K extends string, infer V> ? PagedMap<K, V> : never

interface KnownState extends Pick<RecordedState, 'storeId' | 'head' | 'lock'> {
  readonly objects: Paged<RecordedState['objects']>
  readonly tombstones: Paged<RecordedState['tombstones']>
  readonly members: Paged<RecordedState['members']>
  readonly synced: Paged<RecordedState['synced']>
  readonly asserted: Paged<RecordedState['asserted']>
  readonly evidence: Paged<RecordedState['evidence']>
  readonly allowances: Paged<RecordedState['allowances']>
}

const toKnown = (state: RecordedState): KnownState => ({
  ...state,
  objects: createPagedMap(state.objects),
  tombstones: createPagedMap(state.tombstones),
  members: createPagedMap(state.members),
  synced: createPagedMap(state.synced),
  asserted: createPagedMap(state.asserted),
  evidence: createPagedMap(state.evidence),
  allowances: createPagedMap(state.allowances),
})

const viewState = (known: KnownState, own?: Lock): RecordedState => {
  const { lock: found, ...rest } = known
  // A higher fence is that of somebody who took over; a lower one was left behind, and taken over by us.
  const lock = own && (found?.fence ?? 0) <= own.fence ? own : found
  return {
    ...rest,
    objects: known.objects.view(),
    tombstones: known.tombstones.view(),
    members: known.members.view(),
    synced: known.synced.view(),
    asserted: known.asserted.view(),
    evidence: known.evidence.view(),
    allowances: known.allowances.view(),
    ...(lock ? { lock } : {}),
  }
}

const countIn = (known: KnownState, members: ReadonlyMap<string, number>): KnownState => ({
  ...known,
  members: createPagedMap(members),
})

const changeKnown = (known: KnownState, { head, writes }: Commit): KnownState => {
  for (const write of writes) {
    if (isLogged(write)) changeSmallState(known, write)
    if (write.kind === 'synced') setOrDelete(known.synced, write.audience, write.at)
    if (write.kind === 'assertion')
      known.asserted.set(write.audience, changeAssertion(known.asserted.view().get(write.audience), write))
    followLedger(known.synced, write)
    followLedger(known.asserted, write)
  }
  return { ...known, head }
}

const changeAssertion = (
  before: Assertion | undefined,
  { is, at, reason }: Extract<StoreWrite, { kind: 'assertion' }>,
): Assertion => {
  if (is === 'done') return { completedAt: at, reason }
  const completed = before?.completedAt === undefined ? {} : { completedAt: before.completedAt }
  return { ...completed, startedAt: at, reason }
}

/** Marks are kept under ledger keys, and go where these go. */
const followLedger = <V>(marks: PagedMap<AudienceId, V>, write: StoreWrite): void => {
  if (write.kind === 'drop-ledger') marks.delete(write.audience)
  if (write.kind !== 'move-ledger') return
  const mark = marks.view().get(write.from)
  marks.delete(write.from)
  setOrDelete(marks, write.to, mark)
}

const setOrDelete = <V>(marks: PagedMap<AudienceId, V>, key: AudienceId, mark: V | undefined): void => {
  if (mark === undefined) marks.delete(key)
  else marks.set(key, mark)
}
