import type { Overlap } from '../../ports.ts'
import type { Reads } from '../sql/statements.ts'

/**
 * How many people each two ledgers share. One pass: every person comes down to the list of ledgers that have them, lists
 * that are the same are counted together, and only these few are taken apart into pairs.
 */
export const readOverlaps = async (inner: Reads): Promise<readonly Overlap[]> => {
  const rows = await inner.readRows(`
    WITH places AS (
      SELECT array_agg(DISTINCT audience ORDER BY audience) AS audiences
      FROM ledger GROUP BY person HAVING count(*) > 1
    ), groups AS (
      SELECT audiences, count(*) AS people FROM places WHERE cardinality(audiences) > 1 GROUP BY audiences
    ), pairs AS (
      SELECT one AS first, other AS second, people
      FROM groups, unnest(audiences) one, unnest(audiences) other WHERE one < other
    )
    SELECT first, second, sum(people) AS people FROM pairs GROUP BY first, second ORDER BY first, second`)
  return rows.map(({ first, second, people }) => ({
    audiences: [String(first), String(second)],
    people: Number(people),
  }))
}
