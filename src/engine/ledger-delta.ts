import { amount } from '../membership/guard-finding.ts'
import { rulesOf } from '../membership/rules.ts'
import type { MembershipRules } from '../model/membership.ts'
import type { Delta } from '../ports.ts'
import type { Run } from './run.ts'

interface LedgerKeys {
  /** Whose ledger is compared. */
  readonly key: string
  /** Whose recorded members are wanted there; nobody's when absent. */
  readonly wanted?: string
  readonly rules?: MembershipRules
}

/** Compares a ledger with what is recorded, without reading any source, and closes the comparison whatever happens. */
export const withLedgerDelta = async <T>(
  run: Run,
  { key, wanted, rules }: LedgerKeys,
  work: (delta: Delta) => Promise<T>,
): Promise<T> => {
  const spool = await run.store.openSpool(key)
  if (wanted !== undefined) await spool.appendRecorded(wanted)
  const delta = await spool.computeDelta(rules ? { rules } : {})
  try {
    return await work(delta)
  } finally {
    await delta.close()
  }
}

/** Compares a ledger with nobody: all of it leaves, but for those whose last add may still be under way. */
export const withDrainDelta = <T>(run: Run, key: string, work: (delta: Delta) => Promise<T>): Promise<T> =>
  withLedgerDelta(run, { key, rules: drainRules(run) }, work)

/** Rules that let everybody in and hold nobody, but for those about whom an answer is open. */
export const drainRules = ({ now }: Run): MembershipRules =>
  rulesOf(
    { exit: { kind: 'remove' }, rollout: { stage: { kind: 'live' }, holdoutPercent: 0 } },
    { testers: [], now },
  )

/** Why nobody is taken out yet, as a sentence: a remove could overtake an add that has no answer. */
export const describeUnsettled = ({ counts }: Pick<Delta, 'counts'>): string | undefined =>
  counts.held.unsettled === 0
    ? undefined
    : `${amount(counts.held.unsettled)} of its members were sent without an answer, less than 15 minutes ago`

/** The other way round: an add could overtake a remove that has no answer. */
export const describeRemoved = (people: number): string | undefined =>
  people === 0
    ? undefined
    : `${amount(people)} of its members were removed without an answer, less than 15 minutes ago`
