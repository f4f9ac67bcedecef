import type { Comparison } from './comparison.ts'
import { fold } from './fold.ts'
import type { Matched } from './match-ledger.ts'
import { isEveryPairWanted } from './select-source.ts'

/**
 * Turns wanted pairs into what has to be done: rows that enter and leave, and, because two people may carry the same
 * identifier, the identifiers that have to be sent.
 */
export const listMoves = async (comparison: Comparison, { settledRows }: Matched): Promise<void> => {
  const { sizes } = comparison
  if (sizes.wanted > 0) await fillEntering(comparison)
  if (sizes.known > 0) await fillLeaving(comparison)
  if (settledRows > 0) await fillSettled(comparison)
  if (sizes.entering > 0 || sizes.open > 0) await fillAdds(comparison)
  if (sizes.leaving > 0 || sizes.open > 0) await fillRemoves(comparison)
  await fillQuietMoves(comparison)
  if (comparison.again) await fillAgain(comparison)
}

const fillEntering = async ({ fill, sizes, source, stand, tables }: Comparison): Promise<void> => {
  if (sizes.known === 0 && !isEveryPairWanted(source)) {
    return stand(
      'entering',
      `SELECT person, identifier, NULL::TIMESTAMP AS entered_at, false AS is_second FROM ${tables.wanted}`,
      sizes.wanted,
    )
  }
  const isSecond = isEveryPairWanted(source) ? 'row_number() OVER (PARTITION BY person) > 1' : 'false'
  return fill(
    'entering',
    `SELECT person, identifier, entered_at, entered_at IS NOT NULL OR ${isSecond} AS is_second
     FROM ${tables.wanted}
     ANTI JOIN ${tables.known} USING (person, identifier)
     LEFT JOIN (SELECT person, min(entered_at) AS entered_at FROM ${tables.known} GROUP BY person) USING (person)`,
  )
}

const fillLeaving = ({ fill, tables }: Comparison): Promise<void> =>
  fill(
    'leaving',
    `SELECT person, identifier FROM ${tables.known}
     ANTI JOIN ${tables.wanted} USING (person, identifier)
     ANTI JOIN ${tables.open} USING (identifier)`,
  )

/**
 * Looks for the identifiers at hand, and for their twins, among those about whom nothing had to be decided. That the
 * ledger has each identifier once, by the count that is kept of it, saves a part of the look, and is not relied on: a
 * count that was wrong would have somebody removed whom another row still carries.
 */
const fillSettled = async ({ fill, rules, sizes, tables }: Comparison): Promise<void> => {
  if (sizes.wanted + sizes.leaving + sizes.open === 0) return
  const gone = `SELECT identifier FROM ${tables.leaving} UNION ALL SELECT identifier FROM ${tables.open}`
  const folded = `SELECT ${fold('identifier')} AS folded, identifier FROM (${gone})`
  const hasTwins = rules !== undefined && sizes.leaving + sizes.open > 0
  const sought = [
    ...(sizes.entering > 0 ? [`SELECT identifier FROM ${tables.entering}`] : []),
    `SELECT identifier FROM ${tables.wanted} WHERE held_by IS NOT NULL`,
    gone,
    ...(hasTwins ? [`SELECT folded FROM (${folded}) WHERE folded <> identifier`] : []),
  ]
  const rows = 'SELECT identifier, rowid AS place FROM ledger WHERE audience = $audience'
  const bearers = `${rows} AND identifier IN (${sought.join(' UNION ALL ')})`
  const twins = `${rows} AND folded IS NOT NULL AND folded IN (SELECT folded FROM (${folded}))`
  // Few are found: telling them apart from known rows comes last.
  await fill(
    'settled',
    `SELECT DISTINCT identifier FROM (${bearers} ${hasTwins ? `UNION ALL ${twins}` : ''})
     ANTI JOIN ${tables.known} USING (place)`,
  )
}

/** Wanted and not certain, unless it was rejected lately. Somebody who is sent again because of an open outcome may be in the ledger already. */
const fillAdds = ({ fill, sizes, tables }: Comparison): Promise<void> => {
  const isKnown = `identifier IN (SELECT identifier FROM ${tables.known})`
  const isOpen = `identifier IN (SELECT identifier FROM ${tables.open} ANTI JOIN ${tables.barred} USING (identifier))`
  const reopened = `
    UNION ALL
    SELECT DISTINCT identifier, NULL, NULL::TIMESTAMP, NULL, false FROM ${tables.wanted}
    SEMI JOIN ${tables.known} USING (person, identifier)
    SEMI JOIN ${tables.open} USING (identifier)
    ANTI JOIN ${tables.barred} USING (identifier)`
  return fill(
    'adds',
    `SELECT (dense_rank() OVER (ORDER BY identifier))::INTEGER AS position, *, false AS is_taken
     FROM (
       SELECT identifier, person, entered_at, is_second, NOT ${isKnown} AS is_new
       FROM ${tables.entering}
       WHERE ${isOpen} OR NOT (${isKnown} OR identifier IN (SELECT identifier FROM ${tables.settled}))
       ${sizes.open > 0 ? reopened : ''}
     )`,
  )
}

const fillRemoves = async ({ fill, rules, sizes, tables }: Comparison): Promise<void> => {
  const twins = `SELECT ${fold('identifier')} FROM (
    SELECT identifier FROM ${tables.wanted} UNION ALL SELECT identifier FROM ${tables.settled})`
  const heldBy = `
    CASE WHEN identifier IN (
           SELECT identifier FROM ${tables.open} WHERE awaits_add UNION ALL SELECT identifier FROM ${tables.awaited}
         ) THEN 'unsettled'
         WHEN ${fold('identifier')} IN (${twins}) THEN 'case-twin' END`
  await fill(
    'unwanted',
    `SELECT identifier, ${rules ? heldBy : 'NULL::VARCHAR'} AS held_by
     FROM (SELECT identifier FROM ${tables.leaving} UNION SELECT identifier FROM ${tables.open})
     ANTI JOIN ${tables.wanted} USING (identifier)
     ANTI JOIN ${tables.settled} USING (identifier)`,
  )
  if (sizes.unwanted === 0) return
  await fill(
    'removes',
    `SELECT (dense_rank() OVER (ORDER BY identifier))::INTEGER AS position, identifier, person, is_only,
            false AS is_taken
     FROM ${tables.unwanted}
     LEFT JOIN ${tables.known} USING (identifier)
     LEFT JOIN (SELECT person, count(*) = 1 AS is_only FROM ${tables.known} GROUP BY person) USING (person)
     WHERE held_by IS NULL`,
  )
}

/** Rows that the ledger takes over or lets go of without a call. */
const fillQuietMoves = async ({ fill, sizes, tables }: Comparison): Promise<void> => {
  // Without an open outcome each row of the adds is one that enters, and each identifier that nobody wants one that leaves.
  if (sizes.open > 0 || sizes.adds < sizes.entering) {
    await fill(
      'carried',
      `SELECT person, identifier, entered_at, is_second
       FROM ${tables.entering}
       ANTI JOIN ${tables.adds} USING (person, identifier)
       ANTI JOIN ${tables.open} USING (identifier)`,
    )
  }
  if (sizes.leaving > 0 && (sizes.open > 0 || sizes.unwanted < sizes.leaving)) {
    await fill(
      'handed',
      `SELECT person, identifier FROM ${tables.leaving} ANTI JOIN ${tables.unwanted} USING (identifier)`,
    )
  }
}

/** Members that are wanted and certain, from where an assertion under way has come to. */
const fillAgain = ({ fill, tables }: Comparison): Promise<void> =>
  fill(
    'again',
    `SELECT (row_number() OVER (ORDER BY identifier))::INTEGER AS position, identifier
     FROM (SELECT DISTINCT identifier FROM ledger WHERE audience = $audience)
     ANTI JOIN ${tables.unwanted} USING (identifier)
     ANTI JOIN ${tables.open} USING (identifier)
     ANTI JOIN ${tables.barred} USING (identifier)
     WHERE identifier > coalesce((
       SELECT max(through) FROM assertions WHERE audience = $audience AND started_at IS NOT NULL
     ), '')`,
  )
