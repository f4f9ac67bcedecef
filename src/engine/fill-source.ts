import { compareText } from '../model/diagnostic.ts'
import type { Direction } from '../model/membership.ts'
import type { ChangeResult } from '../model/outcome.ts'
import type { Change, Operation } from '../model/plan.ts'
import type { RecordedObject } from '../model/recorded.ts'
import { type Delta, MOST_IDS_PER_CALL } from '../ports.ts'
import { stopIfAborted } from './interrupt.ts'
import { readPages } from './read-pages.ts'
import { journal, makeJournalledCall, type Run } from './run.ts'

/** A manual segment that Customer.io gave an id. */
export type MadeSource = RecordedObject & { readonly remoteId: string }

/**
 * Brings a manual segment in line with the testers. Whom muster put in stands in the ledger, under the segment's own
 * address: nobody else is ever taken out, and no more people than the plan says.
 */
export const fillSource = async (run: Run, object: MadeSource, change: Change): Promise<ChangeResult> => {
  const wanted = [...run.workspace.qa.testers].sort(compareText)
  const delta = await compareWithLedger(run, object, wanted)
  try {
    await send(run, object, { delta, direction: 'add', most: delta.counts.adds })
    const present = await waitForPeople(run, object, wanted)
    if (!present)
      return { kind: 'waiting', why: 'its people could not be read to the end; nobody was taken out' }
    const missing = wanted.filter(id => !present.has(id)).length
    if (missing === wanted.length && missing > 0)
      return { kind: 'waiting', why: `Customer.io shows none of its ${missing} testers` }
    const leaving = await delta.readRows('remove', 0, delta.counts.removes)
    const most = countRemovals(change)
    await send(run, object, { delta, direction: 'remove', most: Math.min(most, leaving.length) })
    if (leaving.length > most) {
      const why = `${leaving.length - most} who are no testers any more are still in it: the plan takes out ${most}`
      return { kind: 'waiting', why }
    }
    await run.store.commit([
      { kind: 'object', object: { ...object, status: 'seen' } },
      journal(
        run,
        { address: object.address, operation: 'verify source segment', count: wanted.length - missing },
        'accepted',
      ),
    ])
    const known = new Set([...wanted, ...leaving.map(({ identifier }) => identifier)])
    return describeDone(missing, wanted.length, [...present].filter(id => !known.has(id)).length)
  } finally {
    await delta.close()
  }
}

/** All testers count as adds, those included that were sent before: somebody may have taken them out. */
const compareWithLedger = async (
  run: Run,
  { address }: MadeSource,
  wanted: readonly string[],
): Promise<Delta> => {
  await run.store.commit([{ kind: 'doubt-all', audience: address }])
  const spool = await run.store.openSpool(address)
  await spool.append(wanted.map(id => ({ person: id, identifier: id })))
  return spool.computeDelta()
}

const OPERATION: Readonly<Record<Direction, Operation>> = {
  add: 'fill source segment',
  remove: 'remove from source segment',
}

/** How many people the reviewed change may take out. */
const countRemovals = ({ calls }: Change): number =>
  calls.find(({ operation }) => operation === OPERATION.remove)?.members ?? 0

interface Sending {
  readonly delta: Delta
  readonly direction: Direction
  readonly most: number
}

const send = async (run: Run, object: MadeSource, { delta, direction, most }: Sending): Promise<void> => {
  const { address, remoteId } = object
  for (let done = 0; done < most; done += MOST_IDS_PER_CALL) {
    stopIfAborted(run.signal)
    const rows = await delta.readRows(direction, done, Math.min(MOST_IDS_PER_CALL, most - done))
    const range = { audience: address, list: direction, from: done + 1, to: done + rows.length }
    await makeJournalledCall(
      run,
      { address, operation: OPERATION[direction], count: rows.length },
      () =>
        run.writer.source.changePeople(
          Number(remoteId),
          direction,
          rows.map(({ identifier }) => identifier),
        ),
      {
        intent: [{ kind: 'unsettled-batch', is: 'open', at: run.now, ...range }],
        accepted: () => [{ kind: 'batch', at: run.now, ...range }],
        refused: [{ kind: 'unsettled-batch', is: 'withdrawn', at: run.now, ...range }],
      },
    )
  }
}

/** Waits between looks at the segment: what is written to Customer.io is not read back at once. */
const READ_BACK_WAITS_MS = [0, 500, 1_000, 2_000, 4_000]

/** Who is in it, as soon as all that are wanted are shown. Undefined when it could not be read to its end. */
const waitForPeople = async (
  run: Run,
  object: MadeSource,
  wanted: readonly string[],
): Promise<ReadonlySet<string> | undefined> => {
  let present: ReadonlySet<string> | undefined
  for (const waitMs of READ_BACK_WAITS_MS) {
    if (waitMs > 0) await run.clock.sleep(waitMs, run.signal)
    const shown = await readIds(run, object)
    if (shown && wanted.every(id => shown.has(id))) return shown
    present = shown
  }
  return present
}

/** A manual segment of testers is small: its ids may be held in memory. */
const readIds = async (run: Run, { remoteId }: MadeSource): Promise<ReadonlySet<string> | undefined> => {
  const segmentId = Number(remoteId)
  const count = await run.reader.source.countPeople(segmentId)
  const ids = new Set<string>()
  for await (const step of readPages(run, segmentId, { key: 'id', count })) {
    if (step.kind === 'trouble') return undefined
    for (const { value } of step.people) if (value !== undefined) ids.add(value)
  }
  return ids
}

const describeDone = (missing: number, testers: number, others: number): ChangeResult => {
  const notes = [
    ...(missing === 0
      ? []
      : [`${missing} of ${testers} testers are not in it: Customer.io ignores ids that belong to nobody`]),
    ...(others === 0 ? [] : [`others in it, whom muster did not put there, stay: ${others}`]),
  ]
  return notes.length === 0 ? { kind: 'done' } : { kind: 'done', note: notes.join('; ') }
}
