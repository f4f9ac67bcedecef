import { type DeltaCounts, HOLD_REASONS, KEEP_OUT_REASONS } from '../../model/membership.ts'
import type { Comparison } from './comparison.ts'

/**
 * Counts what was found. What nothing had to be decided about is not looked at again: it is the ledger, whose size is
 * known, less what was found.
 */
export const countDelta = async (comparison: Comparison, members: number): Promise<DeltaCounts> => {
  const { count, tables } = comparison
  const found = await count({
    ...countList('adds', tables.adds),
    ...countList('removes', tables.removes),
    ...countList('again', tables.again),
    open: `SELECT count(*) FROM ${tables.open}`,
    open_members: `SELECT count(DISTINCT identifier) FROM ${tables.known} SEMI JOIN ${tables.open} USING (identifier)`,
    unwanted_members: `SELECT count(*) FROM ${tables.unwanted} ANTI JOIN ${tables.open} USING (identifier)`,
  })
  return {
    recorded: members + found.open - found.open_members,
    wanted: members - found.open_members - found.unwanted_members + found.adds,
    adds: found.adds,
    removes: found.removes,
    again: found.again,
    held: await countHeld(comparison),
    keptOut: await countKeptOut(comparison),
  }
}

const countList = <Name extends string>(name: Name, table: string): Record<Name, string> =>
  // The one key is the name.
  ({ [name]: `SELECT coalesce(max(position), 0) FROM ${table}` }) as Record<Name, string>

/** An identifier that somebody of the source carries as well is not held. */
const countHeld = async ({ count, tables }: Comparison): Promise<DeltaCounts['held']> => {
  const stay = (reason: string): string =>
    `SELECT count(DISTINCT identifier) FROM ${tables.wanted}
     WHERE held_by = '${reason}'
       AND identifier NOT IN (SELECT identifier FROM ${tables.wanted} WHERE held_by IS NULL)
       AND identifier NOT IN (SELECT identifier FROM ${tables.carriedOn})`
  const wait = (reason: string): string =>
    `SELECT count(*) FROM ${tables.unwanted} WHERE held_by = '${reason}'`
  const queries = HOLD_REASONS.map(reason => [
    toColumn(reason),
    reason === 'sticky' || reason === 'keep' ? stay(reason) : wait(reason),
  ])
  const found = await count<string>(Object.fromEntries(queries))
  return {
    sticky: found.sticky ?? 0,
    keep: found.keep ?? 0,
    unsettled: found.unsettled ?? 0,
    'case-twin': found.case_twin ?? 0,
  }
}

const countKeptOut = async ({ count, tables }: Comparison): Promise<DeltaCounts['keptOut']> => {
  const queries = KEEP_OUT_REASONS.map(reason => [
    toColumn(reason),
    `SELECT count(*) FROM ${tables.judged} WHERE reason = '${reason}'`,
  ])
  const found = await count<string>(Object.fromEntries(queries))
  return {
    stage: found.stage ?? 0,
    holdout: found.holdout ?? 0,
    'no-reentry': found.no_reentry ?? 0,
    rejected: found.rejected ?? 0,
    unsettled: found.unsettled ?? 0,
  }
}

const toColumn = (reason: string): string => reason.replace('-', '_')
