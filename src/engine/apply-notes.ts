import type { WrittenPlan } from '../model/generated/plan.ts'
import type { Address, Plan } from '../model/plan.ts'
import { valueRead } from '../model/reading.ts'
import type { RecordedAllowance } from '../model/recorded.ts'
import type { StoreWrite } from '../model/store-write.ts'
import { bindingAddress } from '../plan/address.ts'
import { hintsOfSegment } from '../plan/drift.ts'
import type { Observed } from '../plan/observed.ts'
import { journal, type Run } from './run.ts'

/** Keeps whom a guard was let pass by, and why, before anything is done. */
export const journalOverrides = async (run: Run, { overrides }: Pick<Plan, 'overrides'>): Promise<void> => {
  if (overrides.length === 0) return
  await run.store.commit(
    overrides.map(({ guard, audience, by, because }) => {
      const address: Address = audience === undefined ? 'binding.*' : bindingAddress(audience)
      return journal(run, { address, operation: `allow ${guard}` }, 'override', `${by}: ${because}`)
    }),
  )
}

/**
 * Guards that were let pass in syncs, and that the reviewed plan showed, need not be told again. An audience of which
 * one came after the review is told with all of them by the next plan.
 */
export const acknowledgeAllowances = async (run: Run, reviewed: WrittenPlan): Promise<void> => {
  const { allowances } = await run.store.readState()
  const shown = reviewed.allowances ?? []
  const isShown = ({ audience, guard, at }: RecordedAllowance): boolean =>
    shown.some(each => each.audience === audience && each.guard === guard && each.at === at)
  const audiences = new Set(shown.map(({ audience }) => audience))
  const unseen = new Set(
    [...allowances.values()].filter(each => !isShown(each)).map(({ audience }) => audience),
  )
  const writes = [...audiences]
    .filter(audience => !unseen.has(audience))
    .map((audience): StoreWrite => ({ kind: 'drop-allowances', audience }))
  if (writes.length > 0) await run.store.commit(writes)
}

/**
 * Takes note of edits in Customer.io that the reviewed plan showed, so that they are told once. One that came after
 * the review is told by the next plan.
 */
export const acknowledgeHints = async (
  run: Run,
  { observed }: { readonly observed: Observed },
  reviewed: WrittenPlan,
): Promise<void> => {
  const shown = reviewed.drift.filter(
    ({ attribute }) => attribute === 'source_edited' || attribute === 'source_type',
  )
  if (shown.length === 0) return
  const { objects } = await run.store.readState()
  const writes = shown.flatMap((drift): StoreWrite[] => {
    const moved = reviewed.changes.find(({ from }) => from === drift.address)
    const object = [...objects.values()].find(({ address }) => address === (moved?.address ?? drift.address))
    const segment = valueRead(observed.sourceSegments)?.get(Number(object?.attributes.source_segment))
    const hints = segment && hintsOfSegment(segment)
    if (!object || !hints || hints[drift.attribute] !== drift.observed) return []
    return [{ kind: 'object', object: { ...object, hints } }]
  })
  if (writes.length > 0) await run.store.commit(writes)
}
