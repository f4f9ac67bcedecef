import { fail } from '../../model/failure.ts'
import { type ComputedDelta, computeDelta, type DeltaSubject } from '../sql/compute-delta.ts'
import type { Connection, ServerStatements } from './connection.ts'
import { readSize } from './ledger-counts.ts'
import { indexList } from './lists.ts'
import { matchLedger, type Spooled } from './match-ledger.ts'

/** For sorting and joining; what needs more goes to the server's disk. Twice as much was not faster with ten million people. */
const WORK_MEMORY = '256MB'

/** From so many rows on the server is told what it joins. Up to there its guess does no harm. */
const WORTH_ANALYZING = 500

/** Compares in one transaction, which sees one moment of the ledger. It needs no lock. */
export const compareOnServer = (connection: Connection, subject: DeltaSubject): Promise<ComputedDelta> =>
  connection.transactOnSnapshot(async inner => {
    await inner.run(`SET LOCAL work_mem TO '${WORK_MEMORY}'`)
    const size = await readSize(inner, subject.audience)
    const spooled = await copyIn(inner, subject)
    const computed = await computeDelta(inner, subject, {
      matchLedger: comparison => matchLedger(comparison, spooled, size.pairs),
      countMembers: async () => size.members,
      onGrown: (name, rows) => analyze(inner, name, rows),
    })
    if (spooled !== undefined) await inner.run(`DROP TABLE ${spooled}`)
    const { nameOf, sizes } = computed.set
    for (const list of ['adds', 'removes', 'again'] as const)
      await indexList(inner, nameOf(list), sizes[list])
    return computed
  })

const copyIn = async (
  inner: ServerStatements,
  { source: { path, rows }, number }: DeltaSubject,
): Promise<Spooled> => {
  if (rows === 0) return undefined
  const { text } = inner.engine
  const name = `spooled_${number}`
  await inner.run(`CREATE TEMP TABLE ${name} (person ${text}, identifier ${text})`)
  const copied = await inner.copyRows(name, path)
  if (copied !== rows) refuseOther(copied, rows)
  await analyze(inner, name, rows)
  return name
}

/** Whoever is missing from a file that was cut off would be taken for somebody who left. */
const refuseOther = (copied: number, rows: number): never =>
  fail({
    origin: 'store',
    code: 'store/failed',
    detail: `Of ${rows} rows that were read, ${copied} are in the spool. Nothing was decided.`,
    hint: 'check the free space on this machine, then run the same command again',
    retryable: true,
  })

const analyze = async (inner: ServerStatements, name: string, rows: number): Promise<void> => {
  if (rows >= WORTH_ANALYZING) await inner.run(`ANALYZE ${name}`)
}
