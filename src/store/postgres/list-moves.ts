import type { Comparison } from './comparison.ts'
import type { Matched } from './match-ledger.ts'
import { has, lacks } from './presence.ts'
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
      `SELECT person, identifier, NULL::timestamptz AS entered_at, false AS is_second FROM ${tables.wanted} w`,
      sizes.wanted,
    )
  }
  const isSecond = isEveryPairWanted(source) ? 'row_number() OVER (PARTITION BY person) > 1' : 'false'
  return fill(
    'entering',
    `SELECT person, identifier, entered_at, entered_at IS NOT NULL OR ${isSecond} AS is_second
     FROM ${tables.wanted} w
     LEFT JOIN (SELECT person, min(entered_at) AS entered_at FROM ${tables.known} k GROUP BY person) k USING (person)
     WHERE ${lacks(tables.known, 'w', 'person', 'identifier')}`,
  )
}

const fillLeaving = ({ fill, tables }: Comparison): Promise<void> =>
  fill(
    'leaving',
    `SELECT person, identifier FROM ${tables.known} k
     WHERE ${lacks(tables.wanted, 'k', 'person', 'identifier')} AND ${lacks(tables.open, 'k', 'identifier')}`,
  )

/** Looks for the identifiers at hand, and for their twins, among those about whom nothing had to be decided. */
const fillSettled = async ({ fill, rules, sizes, tables }: Comparison): Promise<void> => {
  if (sizes.wanted + sizes.leaving + sizes.open === 0) return
  const gone = `SELECT identifier FROM ${tables.leaving} l UNION ALL SELECT identifier FROM ${tables.open} o`
  const hasTwins = rules !== undefined && sizes.leaving + sizes.open > 0
  const folded = `SELECT fold(identifier) AS folded, identifier FROM (${gone}) gone`
  const sought = [
    ...(sizes.entering > 0 ? [`SELECT identifier FROM ${tables.entering} e`] : []),
    `SELECT identifier FROM ${tables.wanted} w WHERE held_by IS NOT NULL`,
    gone,
    ...(hasTwins ? [`SELECT folded FROM (${folded}) twins WHERE folded <> identifier`] : []),
  ]
  const carriers = (column: string, names: string): string =>
    `SELECT l.identifier, l.ctid AS place
     FROM ledger l JOIN (SELECT DISTINCT name FROM (${names}) names(name)) n ON l.${column} = n.name
     WHERE l.audience = $audience`
  const twins = hasTwins ? `UNION ALL ${carriers('folded', `SELECT folded FROM (${folded}) twins`)}` : ''
  // Few are found: telling them apart from known rows comes last.
  await fill(
    'settled',
    `SELECT DISTINCT identifier FROM (${carriers('identifier', sought.join(' UNION ALL '))} ${twins}) c
     WHERE ${lacks(tables.known, 'c', 'place')}`,
  )
}

/** Wanted and not certain, unless it was rejected lately. Somebody who is sent again because of an open outcome may be in the ledger already. */
const fillAdds = ({ fill, sizes, tables }: Comparison): Promise<void> => {
  const reopened = `
    UNION ALL
    SELECT DISTINCT identifier, NULL, NULL::timestamptz, NULL::boolean, false FROM ${tables.wanted} w
    WHERE ${has(tables.known, 'w', 'person', 'identifier')} AND ${has(tables.open, 'w', 'identifier')}
      AND ${lacks(tables.barred, 'w', 'identifier')}`
  const once = (table: string): string => `(SELECT DISTINCT identifier FROM ${table} one)`
  return fill(
    'adds',
    `SELECT (dense_rank() OVER (ORDER BY identifier))::integer AS position, a.*
     FROM (
       SELECT e.identifier, e.person, e.entered_at, e.is_second, k.identifier IS NULL AS is_new
       FROM ${tables.entering} e
       LEFT JOIN ${once(tables.known)} k ON k.identifier = e.identifier
       LEFT JOIN ${tables.settled} s ON s.identifier = e.identifier
       LEFT JOIN ${tables.open} o ON o.identifier = e.identifier
       LEFT JOIN ${tables.barred} b ON b.identifier = e.identifier
       WHERE o.identifier IS NOT NULL AND b.identifier IS NULL OR k.identifier IS NULL AND s.identifier IS NULL
       ${sizes.open > 0 ? reopened : ''}
     ) a`,
  )
}

const fillRemoves = async ({ fill, rules, sizes, tables }: Comparison): Promise<void> => {
  const twins = `SELECT identifier FROM ${tables.wanted} w UNION ALL SELECT identifier FROM ${tables.settled} s`
  const waiting = `
    SELECT identifier FROM ${tables.open} o WHERE awaits_add UNION SELECT identifier FROM ${tables.awaited} a`
  const heldBy = `CASE WHEN a.identifier IS NOT NULL THEN 'unsettled' WHEN t.folded IS NOT NULL THEN 'case-twin' END`
  await fill(
    'unwanted',
    `SELECT g.identifier, ${rules ? heldBy : 'NULL'}::text AS held_by
     FROM (SELECT identifier FROM ${tables.leaving} l UNION SELECT identifier FROM ${tables.open} o) g
     ${
       rules
         ? `LEFT JOIN (${waiting}) a ON a.identifier = g.identifier
            LEFT JOIN (SELECT DISTINCT fold(identifier) AS folded FROM (${twins}) t) t ON t.folded = fold(g.identifier)`
         : ''
     }
     WHERE ${lacks(tables.wanted, 'g', 'identifier')} AND ${lacks(tables.settled, 'g', 'identifier')}`,
  )
  if (sizes.unwanted === 0) return
  await fill(
    'removes',
    `SELECT (dense_rank() OVER (ORDER BY identifier))::integer AS position, identifier, person, is_only
     FROM ${tables.unwanted} u
     LEFT JOIN ${tables.known} k USING (identifier)
     LEFT JOIN (SELECT person, count(*) = 1 AS is_only FROM ${tables.known} k GROUP BY person) p USING (person)
     WHERE held_by IS NULL`,
  )
}

/** Rows that the ledger takes over or lets go of without a call. */
const fillQuietMoves = async ({ fill, sizes, tables }: Comparison): Promise<void> => {
  // Without an open outcome each row of the adds is one that enters, and each identifier that nobody wants one that leaves.
  if (sizes.open > 0 || sizes.adds < sizes.entering) {
    await fill(
      'carried',
      `SELECT person, identifier, entered_at, is_second FROM ${tables.entering} e
       WHERE ${lacks(tables.adds, 'e', 'person', 'identifier')} AND ${lacks(tables.open, 'e', 'identifier')}`,
    )
  }
  if (sizes.leaving > 0 && (sizes.open > 0 || sizes.unwanted < sizes.leaving)) {
    await fill(
      'handed',
      `SELECT person, identifier FROM ${tables.leaving} l WHERE ${lacks(tables.unwanted, 'l', 'identifier')}`,
    )
  }
}

/** Members that are wanted and certain, from where an assertion under way has come to. */
const fillAgain = ({ fill, tables }: Comparison): Promise<void> =>
  fill(
    'again',
    `SELECT (row_number() OVER (ORDER BY identifier))::integer AS position, identifier
     FROM (SELECT DISTINCT identifier FROM ledger WHERE audience = $audience) m
     WHERE ${[tables.unwanted, tables.open, tables.barred].map(table => lacks(table, 'm', 'identifier')).join(' AND ')}
       AND identifier > coalesce((
         SELECT max(through) FROM assertions WHERE audience = $audience AND started_at IS NOT NULL
       ), '')`,
  )
