import { type Comparison, isEveryPairWanted } from './comparison.ts'
import { has, lacks } from './presence.ts'

/**
 * Turns wanted pairs into what has to be done: rows that enter and leave, and, because two people may carry the same
 * identifier, the identifiers that have to be sent. `settledRows` of the ledger need no look.
 */
export const listMoves = async (comparison: Comparison, settledRows: number): Promise<void> => {
  const { sizes } = comparison
  if (sizes.wanted > 0) await fillEntering(comparison)
  if (sizes.known > 0) await fillLeaving(comparison)
  if (settledRows > 0) await fillSettled(comparison)
  if (sizes.entering > 0 || sizes.open > 0) await fillAdds(comparison)
  if (sizes.leaving > 0 || sizes.open > 0) await fillRemoves(comparison)
  await fillQuietMoves(comparison)
  if (comparison.again) await fillAgain(comparison)
}

const fillEntering = async ({ engine, fill, sizes, source, stand, tables }: Comparison): Promise<void> => {
  if (sizes.known === 0 && !isEveryPairWanted(source)) {
    return stand(
      'entering',
      `SELECT person, identifier, NULL::${engine.time} AS entered_at, false AS is_second FROM ${tables.wanted} w`,
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
const fillSettled = async ({ engine, fill, rules, sizes, tables }: Comparison): Promise<void> => {
  if (sizes.wanted + sizes.leaving + sizes.open === 0) return
  const gone = `SELECT identifier FROM ${tables.leaving} l UNION ALL SELECT identifier FROM ${tables.open} o`
  const hasTwins = rules !== undefined && sizes.leaving + sizes.open > 0
  const folded = `SELECT ${engine.fold('identifier')} AS folded, identifier FROM (${gone}) gone`
  const sought = [
    ...(sizes.entering > 0 ? [`SELECT identifier FROM ${tables.entering} e`] : []),
    `SELECT identifier FROM ${tables.wanted} w WHERE held_by IS NOT NULL`,
    gone,
    ...(hasTwins ? [`SELECT folded FROM (${folded}) twins WHERE folded <> identifier`] : []),
  ]
  const carriers = (column: string, names: string): string =>
    `SELECT l.identifier, l.${engine.place} AS place
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
const fillAdds = ({ engine, fill, sizes, tables }: Comparison): Promise<void> => {
  const reopened = `
    UNION ALL
    SELECT DISTINCT identifier, NULL, NULL::${engine.time}, NULL::boolean, false FROM ${tables.wanted} w
    WHERE ${has(tables.known, 'w', 'person', 'identifier')} AND ${has(tables.open, 'w', 'identifier')}
      AND ${lacks(tables.barred, 'w', 'identifier')}`
  // Joined as far as there is anybody: of a first load there is not, and all of it is sorted already.
  const flags = [
    { flag: 'is_known', table: tables.known, size: sizes.known },
    { flag: 'is_settled', table: tables.settled, size: sizes.settled },
    { flag: 'is_open', table: tables.open, size: sizes.open },
    { flag: 'is_barred', table: tables.barred, size: sizes.barred },
  ].filter(({ size }) => size > 0)
  const joins = flags.map(
    ({ flag, table }) =>
      `LEFT JOIN (SELECT DISTINCT identifier, true AS ${flag} FROM ${table} t) ${flag}s USING (identifier)`,
  )
  const is = (name: string): string => (flags.some(({ flag }) => flag === name) ? `${name} IS TRUE` : 'false')
  return fill(
    'adds',
    `SELECT (dense_rank() OVER (ORDER BY identifier))::integer AS position, a.*
     FROM (
       SELECT identifier, person, entered_at, is_second, NOT (${is('is_known')}) AS is_new
       FROM ${tables.entering} e ${joins.join(' ')}
       WHERE (${is('is_open')} AND NOT (${is('is_barred')})) OR NOT (${is('is_known')} OR ${is('is_settled')})
       ${sizes.open > 0 ? reopened : ''}
     ) a`,
  )
}

const fillRemoves = async ({ engine, fill, rules, sizes, tables }: Comparison): Promise<void> => {
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
            LEFT JOIN (SELECT DISTINCT ${engine.fold('identifier')} AS folded FROM (${twins}) t) t
              ON t.folded = ${engine.fold('g.identifier')}`
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
