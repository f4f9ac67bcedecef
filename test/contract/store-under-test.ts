import type { Member } from '../../src/model/membership.ts'
import type { Lock, RecordedObject, RecordedState } from '../../src/model/recorded.ts'
import type { DeltaList, StoreWrite } from '../../src/model/store-write.ts'
import type { Delta, Store } from '../../src/ports.ts'

/** What a store under test must offer: each `open` must see what the last one committed. */
export interface StoreUnderTest {
  open(): Promise<Store>
  /** Ends whoever opened it last, who does not let go. */
  die(): Promise<void>
  /** Opens it although the last one that was opened still is: as after a lease that ran out. */
  seize(): Promise<Store>
  unlock(lockId: string): Promise<Lock>
  /** Reads the state the way `plan` does, whether or not the store is held. */
  readStateAside(): Promise<Awaited<ReturnType<Store['readState']>>>
  cleanUp(): Promise<void>
}

export const AT = '2026-11-23T10:00:00.000Z'
export const LATER = '2026-11-23T12:00:00.000Z'

/** Who opens every store under test. */
export const HOLDER = {
  owner: 'ci@runner-3',
  command: 'apply',
  runId: 'r1',
  runUrl: 'https://ci.example.com/runs/1',
} as const

/** A clock that a minute passes on with every look, and ids that count. */
export const createSurroundings = () => {
  let minutes = 0
  let ids = 0
  return {
    clock: {
      now: () => {
        minutes += 1
        return new Date(Date.parse(AT) + minutes * 60_000).toISOString()
      },
      sleep: async () => undefined,
    },
    createId: () => {
      ids += 1
      return `id-${ids}`
    },
    holder: HOLDER,
  }
}

export const cohort: RecordedObject = {
  address: 'cohort.vip',
  kind: 'cohort',
  audience: 'vip',
  attributes: { name: 'ORC__Vip__365d', tags: ['a', 'b'] },
  status: 'pending',
  recordedAt: AT,
  origin: 'created',
}

/** Members from pairs. */
export const people = (...pairs: [person: string, identifier: string][]): Member[] =>
  pairs.map(([person, identifier]) => ({ person, identifier }))

/** The same state with maps that compare as equal: a store may answer with some of its own. */
export const withMaps = (state: RecordedState): RecordedState => ({
  ...state,
  objects: new Map(state.objects),
  tombstones: new Map(state.tombstones),
  members: new Map(state.members),
  synced: new Map(state.synced),
  asserted: new Map(state.asserted),
  evidence: new Map(state.evidence),
  allowances: new Map(state.allowances),
})

/** A delta of these members against a ledger. */
export const openDelta = async (
  store: Store,
  members: Member[],
  { again = false, audience = 'vip' } = {},
): Promise<Delta> => {
  const spool = await store.openSpool(audience)
  await spool.append(members)
  return spool.computeDelta({ again })
}

/** All identifiers of one list. */
export const identifiers = async (delta: Delta, list: DeltaList): Promise<string[]> =>
  (await delta.readRows(list, 0, 1_000)).map(row => row.identifier)

/** Sends an open delta as the engine does, with every batch accepted. */
export const acceptAll = async (store: Store, delta: Delta, audience = 'vip'): Promise<void> => {
  await delta.carryOver(AT)
  for (const direction of ['add', 'remove'] as const) {
    const to = direction === 'add' ? delta.counts.adds : delta.counts.removes
    if (to > 0) await store.commit([{ kind: 'batch', audience, list: direction, from: 1, to, at: AT }])
  }
  await delta.close()
}

/** Syncs as the engine does, with every batch accepted. */
export const settleAll = async (store: Store, members: Member[], audience = 'vip'): Promise<void> =>
  acceptAll(store, await openDelta(store, members, { audience }), audience)

/** A batch of the delta of `vip` that is about to be sent. */
export const open = (list: DeltaList, to: number): StoreWrite => ({
  kind: 'unsettled-batch',
  is: 'open',
  at: AT,
  audience: 'vip',
  list,
  from: 1,
  to,
})
