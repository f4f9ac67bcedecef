import { type DeltaCounts, NOBODY_HELD } from '../../model/membership.ts'
import type { Comparison } from './comparison.ts'
import { has, lacks } from './presence.ts'
import { chooseStay } from './rule-sql.ts'

/**
 * Counts what was found. What nothing had to be decided about is not looked at again: it is the ledger, whose size in
 * distinct identifiers is known, less what was found.
 */
export const countDelta = async (
  comparison: Comparison,
  members: number,
): Promise<Omit<DeltaCounts, 'keptOut'>> => {
  const { sizes } = comparison
  const lists = await countLists(comparison)
  const found = sizes.open > 0 ? await countOpen(comparison) : { members: 0, unwanted: 0, unsent: 0 }
  return {
    recorded: members + sizes.open - found.members,
    wanted: members - found.members - (sizes.unwanted - found.unwanted) + lists.adds + found.unsent,
    adds: lists.adds,
    removes: lists.removes,
    again: sizes.again,
    held: {
      ...NOBODY_HELD,
      ...(await countStays(comparison)),
      ...(await countWaits(comparison, lists.removes)),
    },
  }
}

/** Positions have no gaps, and rows that the ledger gets or loses may share one. */
const countLists = async ({
  count,
  sizes,
  tables,
}: Comparison): Promise<{ adds: number; removes: number }> => {
  if (sizes.adds + sizes.removes === 0) return { adds: 0, removes: 0 }
  return count({
    adds: `SELECT coalesce(max(position), 0) FROM ${tables.adds} a`,
    removes: `SELECT coalesce(max(position), 0) FROM ${tables.removes} r`,
  })
}

/**
 * Of the identifiers with an open outcome: how many are in the ledger, how many nobody wants, and how many are wanted
 * and not sent because they were rejected lately.
 */
const countOpen = ({
  count,
  tables,
}: Comparison): Promise<Record<'members' | 'unwanted' | 'unsent', number>> =>
  count({
    members: `SELECT count(DISTINCT identifier) FROM ${tables.known} k WHERE ${has(tables.open, 'k', 'identifier')}`,
    unwanted: `SELECT count(*) FROM ${tables.unwanted} u WHERE ${has(tables.open, 'u', 'identifier')}`,
    unsent: `SELECT count(DISTINCT identifier) FROM ${tables.wanted} w
      WHERE ${has(tables.open, 'w', 'identifier')} AND ${has(tables.barred, 'w', 'identifier')}`,
  })

/** Held by the exit rule. An identifier that somebody of the source carries as well is not held. */
const countStays = async (comparison: Comparison) => {
  const { countEach, sizes, tables } = comparison
  if (!chooseStay(comparison) || sizes.wanted === 0 || sizes.missing === 0) return {}
  const carried = `(SELECT identifier FROM ${tables.wanted} c WHERE held_by IS NULL)`
  return countEach(
    `SELECT held_by, count(DISTINCT identifier) FROM ${tables.wanted} w
     WHERE held_by IS NOT NULL
       AND ${lacks(tables.settled, 'w', 'identifier')} AND ${lacks(carried, 'w', 'identifier')}
     GROUP BY held_by`,
  )
}

const countWaits = async ({ countEach, sizes, tables }: Comparison, removes: number) => {
  if (sizes.unwanted === removes) return {}
  return countEach(
    `SELECT held_by, count(*) FROM ${tables.unwanted} u WHERE held_by IS NOT NULL GROUP BY held_by`,
  )
}
