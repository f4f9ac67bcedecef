import type { AudienceId } from '../../model/audience.ts'
import { EMPTY_STATE, type Lock, type RecordedState } from '../../model/recorded.ts'
import type { Instant } from '../../model/time.ts'
import type { StoreWrite } from '../../ports.ts'
import { createPagedMap, type PagedMap } from '../paged-map.ts'
import { changeSmallState, isLogged } from '../small-state.ts'
import type { Connection } from './connection.ts'
import { recount, touchedKeys } from './ledger-counts.ts'
import { readState } from './state.ts'

/** What a commit did, and the head after it. */
interface Commit {
  readonly head: number
  readonly writes: readonly StoreWrite[]
}

/**
 * The small state of a store that this process holds, in memory: read from the file once, then changed as the file
 * is. Nobody else can write meanwhile, so that nothing is read again but the size of ledgers that changed.
 */
export interface HeldState {
  /** With every ledger counted. `own` is the lock that this process holds the store under. */
  read(own?: Lock): Promise<RecordedState>
  /** Sizes of ledgers may be those of before. */
  readUncounted(): Promise<RecordedState>
  /** Takes over what the file has taken. */
  take(commit: Commit): void
  /** A ledger changed outside a commit. */
  markUncounted(): void
  /** Only the file knows what became of a commit that failed: the next look reads all of it again. */
  forget(): void
}

/** Reads nothing until it is asked. The caller sees to it that no commit is under way while it reads. */
export const createHeldState = (connection: Connection): HeldState => {
  let known: KnownState | undefined
  let isCounted = false

  const load = (): Promise<KnownState> =>
    connection.transact(async inner => {
      const members = await recount(inner)
      return known ? countIn(known, members) : toKnown(await readState(inner))
    })
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
      if (commit.writes.some(write => touchedKeys(write).length > 0)) isCounted = false
      if (known) known = changeKnown(known, commit)
    },
    markUncounted: () => {
      isCounted = false
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
  readonly synced: PagedMap<AudienceId, Instant>
}

const toKnown = ({ objects, tombstones, members, synced, ...rest }: RecordedState): KnownState => ({
  ...rest,
  objects: createPagedMap(objects),
  tombstones: createPagedMap(tombstones),
  members: createPagedMap(members),
  synced: createPagedMap(synced),
})

const viewState = (known: KnownState, own?: Lock): RecordedState => {
  const { lock: found, objects, tombstones, members, synced, ...rest } = known
  // A higher fence is that of somebody who took over; a lower one was left behind, and taken over by us.
  const lock = own && (found?.fence ?? 0) <= own.fence ? own : found
  return {
    ...rest,
    objects: objects.view(),
    tombstones: tombstones.view(),
    members: members.view(),
    synced: synced.view(),
    asserted: EMPTY_STATE.asserted,
    evidence: EMPTY_STATE.evidence,
    allowances: EMPTY_STATE.allowances,
    ...(lock ? { lock } : {}),
  }
}

const countIn = (known: KnownState, counted: ReadonlyMap<string, number>): KnownState => {
  for (const [key, size] of counted) {
    if (size > 0) known.members.set(key, size)
    else known.members.delete(key)
  }
  return known
}

const changeKnown = (known: KnownState, { head, writes }: Commit): KnownState => {
  for (const write of writes) {
    if (isLogged(write)) changeSmallState(known, write)
    changeSynced(known.synced, write)
  }
  return { ...known, head }
}

/** Sync marks are kept under ledger keys, and go where these go. */
const changeSynced = (synced: KnownState['synced'], write: StoreWrite): void => {
  if (write.kind === 'synced' && write.at !== undefined) synced.set(write.audience, write.at)
  if (write.kind === 'synced' && write.at === undefined) synced.delete(write.audience)
  if (write.kind === 'drop-ledger') synced.delete(write.audience)
  if (write.kind !== 'move-ledger') return
  const at = synced.view().get(write.from)
  synced.delete(write.from)
  if (at !== undefined) synced.set(write.to, at)
}
