import type { Diagnostic } from '../model/diagnostic.ts'
import type { Reading } from '../model/reading.ts'
import type { RecordedObject, RecordedState } from '../model/recorded.ts'
import { findOwn, SHORT_LIST } from '../plan/observed.ts'
import type { DestinationSegment, Reader } from '../ports.ts'
import { stopIfAborted } from './interrupt.ts'
import { readDestinationList } from './refresh.ts'
import type { Run } from './run.ts'

/** What MoEngage lists, asked for once in a sync, when the first audience wants to know. */
export interface Listed {
  /** A recorded cohort that MoEngage lists no longer: what is sent to it is lost. */
  findLost(cohort: RecordedObject): Promise<Diagnostic | undefined>
  /** The code of why the list was asked for and cannot be relied on. */
  failedWith(): Promise<string | undefined>
  /** Said once in that case, of a sync. */
  describeTrouble(): Promise<readonly Diagnostic[]>
}

/** Enough to ask for the list. */
type ListingRun = Pick<Run, 'signal' | 'workspace'> & { readonly reader: Pick<Reader, 'destination'> }

/**
 * Calls for a cohort that is archived or gone are answered like any other, and whether anything comes of them is not
 * documented: recorded as sent, they would be missed by nobody. The list alone tells, and may be asked for 1,000 times
 * a day. Whether it shows archived ones is not documented either; then nothing is noticed, as before.
 * Source: MoEngage fact sheet, sections 2.6 (archiving), 3.2 (the list).
 */
export const createListed = (run: ListingRun, state: RecordedState): Listed => {
  let reading: Promise<Reading<readonly DestinationSegment[]>> | undefined
  const read = (): Promise<Reading<readonly DestinationSegment[]>> => {
    reading ??= readDestinationList(run.reader.destination, { ...state, objects: cohortsOf(state) })
    return reading
  }
  const failedWith = async (): Promise<string | undefined> => {
    // A failure that ended the run is told with the audiences.
    const listed = await reading?.catch(() => undefined)
    return listed?.kind === 'failed' ? listed.code : undefined
  }
  return {
    findLost: async cohort => {
      const listed = await read()
      // What the interrupt tore off says nothing about the list.
      stopIfAborted(run.signal)
      if (listed.kind !== 'read' || cohort.remoteId === undefined) return undefined
      const isListed =
        listed.value.some(({ remoteId }) => remoteId === cohort.remoteId) ||
        // Under another id it is no less ours: calls go by name and cohort id.
        findOwn(listed.value, String(cohort.attributes.name), run.workspace.partner) !== undefined
      return isListed ? undefined : describeLost(cohort)
    },
    failedWith,
    describeTrouble: async () => {
      const code = await failedWith()
      return code === undefined ? [] : [describeUnread(code)]
    },
  }
}

/** Nothing but cohorts is sent to: what else a list leaves out is a plan's to look for. */
const cohortsOf = ({ objects }: RecordedState): RecordedState['objects'] =>
  new Map([...objects].filter(([, { kind }]) => kind === 'cohort'))

const describeLost = ({ audience, attributes }: RecordedObject): Diagnostic => ({
  code: 'sync/cohort-lost',
  severity: 'error',
  summary: 'MoEngage no longer lists the cohort',
  detail: `${audience}: "${attributes.name}" was listed and is not any more: archived, or gone. Nothing is sent to it, because it would be lost without a word.`,
  hint: 'muster plan: it shows a new generation',
})

const describeUnread = (code: string): Diagnostic => ({
  code: 'sync/list-not-read',
  severity: 'warning',
  summary: 'Cohorts could not be looked for',
  detail:
    code === SHORT_LIST
      ? "MoEngage's list shows none of the recorded cohorts, so it is not believed. Members were sent without knowing whether their cohorts are still there."
      : `MoEngage's list of segments could not be read (${code}). Members were sent without knowing whether their cohorts are still there.`,
  hint: 'muster drift tells more, once the list can be read',
})
