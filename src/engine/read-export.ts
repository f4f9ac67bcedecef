import type { IdentifierKey } from '../model/audience.ts'
import { failureOf } from '../model/failure.ts'
import type { IncompleteReason } from '../model/membership.ts'
import type { PeopleExport, PeoplePage } from '../ports.ts'
import { stopIfAborted } from './interrupt.ts'
import { startExport, waitForExport } from './make-export.ts'
import { describeProgress, type ReadUnderWay, takePeople } from './read-progress.ts'
import type { MembersSource } from './read-source.ts'
import type { Run } from './run.ts'

/** Spools the people of an export, the one that an earlier run made if there is one, and answers what contradicts it. */
export const spoolExport = async (
  run: Run,
  members: MembersSource,
  reading: ReadUnderWay,
): Promise<IncompleteReason | undefined> => {
  const made = (await findMade(run, reading)) ?? (await makeAnew(run, members, reading))
  return spoolMade(run, members, reading, made)
}

const spoolMade = async (
  run: Run,
  members: MembersSource,
  reading: ReadUnderWay,
  made: PeopleExport,
): Promise<IncompleteReason | undefined> => {
  reading.exportId = made.exportId
  await reading.spool.append([], describeProgress(reading))
  const done = await waitForExport(run, made)
  for (let pass = 1; ; pass += 1) {
    const ended = await spoolFile(run, members, reading, done).catch((error: unknown) => {
      // Refused before its first byte, and by the first pass: nobody of this export is in the spool.
      if (pass === 1 && reading.isResumed && failureOf(error)?.code === 'provider/link-refused') return 'gone'
      throw error
    })
    // How long a file is kept is not documented. One that was made just now is given up instead.
    if (ended === 'gone') return spoolMade(run, members, reading, await makeAnew(run, members, reading))
    // However many pieces it came in, it is of one moment: nobody can have slipped through between two of them.
    reading.pages = 1
    if (ended === 'whole') return undefined
    if (pass === MOST_PASSES) return 'export-disagrees'
    await run.clock.sleep(PASS_WAIT_MS * pass, run.signal)
  }
}

/** Reads of one file: each asks for a link of its own. What was spooled by a read that broke off is only there twice. */
const MOST_PASSES = 3
const PASS_WAIT_MS = 2_000

const findMade = async (run: Run, reading: ReadUnderWay): Promise<PeopleExport | undefined> => {
  const { exportId, spool } = reading
  if (exportId === undefined) return undefined
  // The spool is a new one: should the look fail, the next run must still know of the export.
  await spool.append([], describeProgress(reading))
  const made = await run.exports.readExport(exportId)
  return made?.status === 'failed' ? undefined : made
}

/** Also after one was gone on with that is no longer there: its moment is not the new one's. */
const makeAnew = (run: Run, members: MembersSource, reading: ReadUnderWay): Promise<PeopleExport> => {
  reading.beginning = { ...reading.beginning, startedAt: run.now }
  reading.isResumed = false
  return startExport(run, members)
}

const spoolFile = async (
  run: Run,
  { audience }: MembersSource,
  reading: ReadUnderWay,
  done: PeopleExport,
): Promise<'whole' | 'disagrees'> => {
  Object.assign(reading, { rows: 0, pages: 0, identification: reading.identify() })
  try {
    for await (const people of run.exports.readPeople(done, columnOf(audience.identifier.key))) {
      stopIfAborted(run.signal)
      await takePeople(reading, people)
      const { rows } = reading
      run.reporter.report({ subject: audience.id, phase: 'read', done: rows, total: done.total })
      if (rows > done.total) return 'disagrees'
    }
  } catch (error) {
    if (failureOf(error)?.code !== 'provider/truncated') throw error
    return 'disagrees'
  }
  return reading.rows === done.total ? 'whole' : 'disagrees'
}

/** People of an export that is made for this alone. For looking for one person whose key no page tells. */
export async function* readExported(run: Run, members: MembersSource): AsyncGenerator<PeoplePage['people']> {
  const done = await waitForExport(run, await startExport(run, members))
  yield* run.exports.readPeople(done, columnOf(members.audience.identifier.key))
}

/** The column of the file that holds the key. */
const columnOf = (key: IdentifierKey): string => (key.kind === 'attribute' ? key.attribute : key.kind)
