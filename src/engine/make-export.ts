import { fail, failureOf } from '../model/failure.ts'
import { unreachable } from '../model/invariant.ts'
import { MINUTE_MS } from '../model/time.ts'
import type { PeopleExport } from '../ports.ts'
import { stopIfAborted } from './interrupt.ts'
import type { MembersSource } from './read-source.ts'
import type { Run } from './run.ts'

/**
 * Starts an export of the segment. It is no call to be made twice: when it stays without an answer, the list of exports
 * is asked for what it did. Taken for ours is only what names the segment, was not there before, was not begun by
 * another read of the run, and is the only one of its kind: the file of another may tell other people, or other columns.
 */
export const startExport = async (run: Run, members: MembersSource): Promise<PeopleExport> => {
  const known = new Set((await run.exports.listExports()).map(({ exportId }) => exportId))
  for (let attempt = 1; ; attempt += 1) {
    try {
      const made = await run.exports.startExport(members.source.segmentId, attributeOf(members))
      run.claimedExports.add(made.exportId)
      return made
    } catch (error) {
      if (failureOf(error)?.outcomeUnknown !== true) throw error
      const [made, ...others] = await lookFor(run, members, known)
      if (others.length > 0 || (!made && attempt === MOST_STARTS)) throw error
      if (made) return made
    }
  }
}

const MOST_STARTS = 2

/** Waits before each look: what was accepted may be listed later. */
const LOOKS_MS = [1_000, 4_000, 10_000]

/** What may be ours: claimed at once when it is the only one, before another read looks too. */
const lookFor = async (
  run: Run,
  { source }: MembersSource,
  known: ReadonlySet<number>,
): Promise<readonly PeopleExport[]> => {
  for (const waitMs of LOOKS_MS) {
    await run.clock.sleep(waitMs, run.signal)
    stopIfAborted(run.signal)
    const listed = await run.exports.listExports()
    const ours = listed.filter(
      ({ exportId, description }) =>
        !known.has(exportId) && !run.claimedExports.has(exportId) && endsWithName(description, source.name),
    )
    const [only] = ours
    if (only && ours.length === 1) run.claimedExports.add(only.exportId)
    if (ours.length > 0) return ours
  }
  return []
}

/** The name alone would also end what is said of "Super VIP". */
const endsWithName = (description: string, name: string): boolean =>
  NAMINGS.some(around => description.endsWith(`—in ${around}${name}${around}`))

/**
 * What may stand around the name. Source: the description in Customer.io's API reference of exports, whose two examples
 * write it bare and between backslashes; the latter are quotes, it seems.
 */
const NAMINGS = ['', '"', '\\'] as const

/** Only what is no identifier has to be asked for. */
const attributeOf = ({ audience }: MembersSource): string | undefined => {
  const { key } = audience.identifier
  return key.kind === 'attribute' ? key.attribute : undefined
}

const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 30_000

/** How long an export takes is not documented. One that takes longer is gone on with by the next run. */
const LONGEST_EXPORT_MS = 30 * MINUTE_MS

/** Asks, ever more rarely, until the export is done. */
export const waitForExport = async (run: Run, started: PeopleExport): Promise<PeopleExport> => {
  let made = started
  let waitedMs = 0
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS)) {
    switch (made.status) {
      case 'done':
        return made
      case 'failed':
        return refuseExport(made, 'source/export-failed', 'Customer.io could not make it.')
      case 'pending':
        break
      default:
        return unreachable(made.status)
    }
    if (waitedMs >= LONGEST_EXPORT_MS)
      return refuseExport(made, 'source/export-slow', 'It was not done after 30 minutes.')
    stopIfAborted(run.signal)
    await run.clock.sleep(waitMs, run.signal)
    waitedMs += waitMs
    stopIfAborted(run.signal)
    made = (await run.exports.readExport(made.exportId)) ?? { ...made, status: 'failed' }
  }
}

const refuseExport = (
  { exportId }: PeopleExport,
  code: 'source/export-failed' | 'source/export-slow',
  why: string,
): never =>
  fail({
    origin: 'customerio',
    code,
    detail: `Export ${exportId}: ${why}`,
    hint:
      code === 'source/export-slow'
        ? 'run the same sync again within six hours: it goes on with this export'
        : 'run the same sync again: it makes another export',
    // A failed one must not be gone on with, a slow one must.
    retryable: code === 'source/export-slow',
  })
