import type { Comparison } from './comparison.ts'
import { fold } from './fold.ts'
import type { Matched } from './match-ledger.ts'
import { isEveryPairWanted } from './select-source.ts'

/**
 * Turns wanted pairs into what has to be done: rows that enter and leave, and, because two people may carry the same
 * identifier, the identifiers that have to be sent.
 */
export const listMoves = async (comparison: Comparison, matched: Matched): Promise<void> => {
  const { fill, source, tables } = comparison
  const isSecond = isEveryPairWanted(source) ? 'row_number() OVER (PARTITION BY person) > 1' : 'false'
  await fill(
    tables.entering,
    `SELECT person, identifier, entered_at,
            entered_at IS NOT NULL OR ${isSecond} AS is_second
     FROM ${tables.wanted}
     ANTI JOIN ${tables.known} USING (person, identifier)
     LEFT JOIN (SELECT person, min(entered_at) AS entered_at FROM ${tables.known} GROUP BY person) USING (person)`,
  )
  await fill(
    tables.leaving,
    `SELECT person, identifier FROM ${tables.known}
     ANTI JOIN ${tables.wanted} USING (person, identifier)
     ANTI JOIN ${tables.open} USING (identifier)`,
  )
  await fillCarriedOn(comparison, matched)
  await fillAdds(comparison)
  await fillRemoves(comparison)
  await fillQuietMoves(comparison)
  await fillAgain(comparison)
}

/** Looks for the identifiers at hand, and for their twins, among those about whom nothing had to be decided. */
const fillCarriedOn = async (
  { fill, add, rules, tables }: Comparison,
  { settledRows }: Matched,
): Promise<void> => {
  const gone = `SELECT identifier FROM ${tables.leaving} UNION SELECT identifier FROM ${tables.open}`
  const folded = `SELECT ${fold('identifier')} FROM (${gone})`
  const settled = `FROM ledger WHERE audience = $audience AND rowid NOT IN (SELECT place FROM ${tables.known})`
  const isAnybody = settledRows > 0
  await fill(
    tables.carriedOn,
    `SELECT DISTINCT identifier ${settled} AND ${isAnybody} AND identifier IN (
       SELECT identifier FROM ${tables.entering}
       UNION SELECT identifier FROM ${tables.wanted} WHERE held_by IS NOT NULL
       UNION ${gone} ${rules ? `UNION ${folded}` : ''}
     )`,
  )
  if (!rules || !isAnybody) return
  await add(
    tables.carriedOn,
    `SELECT DISTINCT identifier ${settled} AND folded IS NOT NULL AND folded IN (${folded})`,
  )
}

/** Wanted and not certain. Somebody who is sent again because of an open outcome may be in the ledger already. */
const fillAdds = ({ fill, tables }: Comparison): Promise<void> =>
  fill(
    tables.adds,
    `SELECT (dense_rank() OVER (ORDER BY identifier))::INTEGER AS position, *, false AS is_taken
     FROM (
       SELECT identifier, person, entered_at, is_second,
              identifier NOT IN (SELECT identifier FROM ${tables.known}) AS is_new
       FROM ${tables.entering}
       WHERE identifier IN (SELECT identifier FROM ${tables.open}) OR (
         identifier NOT IN (SELECT identifier FROM ${tables.known})
         AND identifier NOT IN (SELECT identifier FROM ${tables.carriedOn})
       )
       UNION ALL
       SELECT DISTINCT identifier, NULL, NULL::TIMESTAMP, NULL, false
       FROM ${tables.wanted}
       SEMI JOIN ${tables.known} USING (person, identifier)
       SEMI JOIN ${tables.open} USING (identifier)
     )`,
  )

const fillRemoves = async ({ fill, rules, tables }: Comparison): Promise<void> => {
  const twins = `SELECT ${fold('identifier')} FROM (
    SELECT identifier FROM ${tables.wanted} UNION ALL SELECT identifier FROM ${tables.carriedOn})`
  await fill(
    tables.unwanted,
    `SELECT identifier, ${
      rules
        ? `CASE WHEN identifier IN (SELECT identifier FROM ${tables.open} WHERE awaits_add) THEN 'unsettled'
                WHEN ${fold('identifier')} IN (${twins}) THEN 'case-twin' END`
        : 'NULL::VARCHAR'
    } AS held_by
     FROM (SELECT identifier FROM ${tables.leaving} UNION SELECT identifier FROM ${tables.open})
     ANTI JOIN ${tables.wanted} USING (identifier)
     ANTI JOIN ${tables.carriedOn} USING (identifier)`,
  )
  await fill(
    tables.removes,
    `SELECT (dense_rank() OVER (ORDER BY identifier))::INTEGER AS position, identifier, person, is_only,
            false AS is_taken
     FROM ${tables.unwanted}
     LEFT JOIN ${tables.known} USING (identifier)
     LEFT JOIN (SELECT person, count(*) = 1 AS is_only FROM ${tables.known} GROUP BY person) USING (person)
     WHERE held_by IS NULL`,
  )
}

/** Rows that the ledger takes over or lets go of without a call. */
const fillQuietMoves = async ({ fill, tables }: Comparison): Promise<void> => {
  await fill(
    tables.carried,
    `SELECT person, identifier, entered_at, is_second
     FROM ${tables.entering} ANTI JOIN ${tables.adds} USING (person, identifier)`,
  )
  await fill(
    tables.handed,
    `SELECT person, identifier FROM ${tables.leaving} ANTI JOIN ${tables.unwanted} USING (identifier)`,
  )
}

/** Members that are wanted and certain, from where an assertion under way has come to. */
const fillAgain = async ({ fill, again, tables }: Comparison): Promise<void> => {
  if (!again) return fill(tables.again, 'SELECT 0 AS position, NULL::VARCHAR AS identifier WHERE false')
  await fill(
    tables.again,
    `SELECT (row_number() OVER (ORDER BY identifier))::INTEGER AS position, identifier
     FROM (SELECT DISTINCT identifier FROM ledger WHERE audience = $audience)
     ANTI JOIN ${tables.unwanted} USING (identifier)
     ANTI JOIN ${tables.open} USING (identifier)
     WHERE identifier > coalesce((
       SELECT max(through) FROM assertions WHERE audience = $audience AND started_at IS NOT NULL
     ), '')`,
  )
}
