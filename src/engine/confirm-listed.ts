import type { Address } from '../model/plan.ts'
import type { RecordedObject } from '../model/recorded.ts'
import type { StoreWrite } from '../model/store-write.ts'
import { findOwn } from '../plan/observed.ts'
import { stopIfAborted } from './interrupt.ts'
import type { Run } from './run.ts'

/** Waits between looks at MoEngage's list; how long it takes there is not documented. */
const LISTING_WAITS_MS = [0, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000]

/** Looks for pending cohorts in MoEngage's list until all are there, or it took too long; records the ids found. */
export const confirmListed = async (run: Run, addresses: ReadonlySet<Address>): Promise<void> => {
  for (const waitMs of LISTING_WAITS_MS) {
    const pending = await findPending(run, addresses)
    if (pending.length === 0) return
    if (waitMs > 0) await run.clock.sleep(waitMs, run.signal)
    stopIfAborted(run.signal)
    await recordListed(run, pending)
  }
}

const recordListed = async (run: Run, pending: readonly RecordedObject[]): Promise<void> => {
  const segments = await run.reader.destination.listSegments()
  const listed: StoreWrite[] = pending.flatMap(object => {
    const segment = findOwn(segments, String(object.attributes.name), run.workspace.partner)
    if (!segment) return []
    return { kind: 'object', object: { ...object, status: 'seen', remoteId: segment.remoteId } }
  })
  if (listed.length > 0) await run.store.commit(listed)
  run.reporter.report({ subject: 'MoEngage', phase: 'verify', done: listed.length, total: pending.length })
}

/** One that does not hold everyone yet stays pending, listed or not: nothing may point at it. */
export const findPending = async (
  run: Run,
  addresses: ReadonlySet<Address>,
): Promise<readonly RecordedObject[]> => {
  const { objects } = await run.store.readState()
  return [...addresses]
    .flatMap(address => objects.get(address) ?? [])
    .filter(({ status, carriesFrom }) => status === 'pending' && carriesFrom === undefined)
}
