import type { Overlap } from '../../ports.ts'
import type { Reads } from '../sql/statements.ts'

/**
 * How many people each two ledgers share. One pass: every person comes down to the list of ledgers that have them, lists
 * that are the same are counted together, and only these few are taken apart into pairs.
 */
export const readOverlaps = async (inner: Reads): Promise<readonly Overlap[]> => {
  const rows = await inner.readRows(`
    WITH places AS (
      SELECT list_sort(list(DISTINCT audience)) AS audiences FROM ledger GROUP BY person HAVING count(*) > 1
    ), groups AS (
      SELECT audiences, count(*) AS people FROM places WHERE len(audiences) > 1 GROUP BY audiences
    ), firsts AS (
      SELECT audiences, people, unnest(audiences) AS first FROM groups
    ), pairs AS (
      SELECT first, people, unnest(audiences) AS second FROM firsts
    )
    SELECT first, second, sum(people)::INTEGER AS people FROM pairs
    WHERE first < second GROUP BY first, second ORDER BY first, second`)
  return rows.map(({ first, second, people }) => ({
    audiences: [String(first), String(second)],
    people: Number(people),
  }))
}
