import type { Address } from '../../src/model/plan.ts'
import type { StoreWrite } from '../../src/model/store-write.ts'
import { cohortAddress } from '../../src/plan/address.ts'
import type { Spool, Store } from '../../src/ports.ts'

const MORE_THAN_THERE_ARE = 1_000

export interface IntentListener {
  intoCohort(cohortId: string, identifiers: readonly string[]): void
  intoSource(segmentId: string, identifiers: readonly string[]): void
}

/** A store that tells who is recorded as about to be sent, and where. */
export const watchIntents = (store: Store, listener: IntentListener): Store => {
  const adds = new Map<string, readonly string[]>()
  const openOf = (write: StoreWrite): readonly [string, readonly string[]] | undefined => {
    if (write.kind === 'unsettled' && write.is === 'open') return [write.audience, [write.identifier]]
    if (write.kind !== 'unsettled-batch' || write.is !== 'open' || write.list !== 'add') return undefined
    return [write.audience, (adds.get(write.audience) ?? []).slice(write.from - 1, write.to)]
  }
  const cohortIdOf = async (audience: string, writes: readonly StoreWrite[]): Promise<string> => {
    const address = cohortAddress(audience)
    const [written] = writes.flatMap(write =>
      write.kind === 'object' && write.object.address === address ? [write.object] : [],
    )
    const object = written ?? (await store.readState()).objects.get(address)
    return String(object?.attributes.cohort_id)
  }
  return {
    ...store,
    commit: async writes => {
      for (const write of writes) {
        const open = openOf(write)
        if (!open) continue
        const [key, identifiers] = open
        const source = (await store.readState()).objects.get(key as Address)
        if (source?.kind === 'source') listener.intoSource(String(source.remoteId), identifiers)
        else listener.intoCohort(await cohortIdOf(key, writes), identifiers)
      }
      await store.commit(writes)
    },
    openSpool: async (audience): Promise<Spool> => {
      const spool = await store.openSpool(audience)
      return {
        ...spool,
        computeDelta: async options => {
          const delta = await spool.computeDelta(options)
          const rows = await delta.readRows('add', 0, MORE_THAN_THERE_ARE)
          adds.set(
            audience,
            rows.map(({ identifier }) => identifier),
          )
          return delta
        },
      }
    },
  }
}
