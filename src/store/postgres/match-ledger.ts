import type { Direction } from '../../model/membership.ts'
import { type Comparison, isEveryPairWanted, isNobody } from '../sql/comparison.ts'
import type { Matched } from '../sql/compute-delta.ts'
import { stageReason } from '../sql/rule-sql.ts'

/** Where what was read lies: a table, or nothing when nothing was read. */
export type Spooled = string | undefined

/**
 * Finds everybody about whom something has to be decided, and all that the ledger, of `rows` rows, knows of them. Of ten
 * million people that is one in a hundred: whoever is in the source and in the ledger under the same identifier is left
 * out at once.
 */
export const matchLedger = async (
  comparison: Comparison,
  spooled: Spooled,
  rows: number,
): Promise<Matched> => {
  const { sizes, source } = comparison
  const facts = await comparison.count({
    seconds: 'SELECT count(*) FROM ledger WHERE audience = $audience AND is_second',
    unsettled: 'SELECT count(*) FROM (SELECT 1 FROM unsettled WHERE audience = $audience LIMIT 1) one',
    rejected: 'SELECT count(*) FROM (SELECT 1 FROM rejected WHERE audience = $audience LIMIT 1) one',
  })
  if (facts.unsettled > 0) await fillOpen(comparison)
  if (facts.rejected > 0 && comparison.rules) await fillBarred(comparison)
  if (rows > 0 || !isNobody(source)) await fillUnmatched(comparison, spooled, rows)
  if (rows > 0 && sizes.unmatched + facts.seconds > 0) await fillKnown(comparison)
  if (sizes.unmatched + sizes.known > 0) await fillPeople(comparison)
  const settledRows = rows - sizes.known
  // Of whoever has several rows all are known, so that each settled row is a person of its own.
  return { settledRows, people: settledRows + (await countPeople(comparison)) }
}

const fillOpen = ({ fill, rules }: Comparison): Promise<void> => {
  const awaits = (direction: Direction): string =>
    rules ? `bool_or(direction = '${direction}' AND attempted_at > $unsettledSince::timestamptz)` : 'false'
  return fill(
    'open',
    `SELECT identifier, ${awaits('add')} AS awaits_add, ${awaits('remove')} AS awaits_remove
     FROM unsettled WHERE audience = $audience GROUP BY identifier`,
  )
}

const fillBarred = ({ fill }: Comparison): Promise<void> =>
  fill(
    'barred',
    `SELECT DISTINCT identifier FROM rejected
     WHERE audience = $audience AND rejected_at >= $rejectedSince::timestamptz`,
  )

/** What a pair comes down to in the join: two that are not the same agree in all 96 bits once in 10^16 changes. */
const PAIR_HASH = 'hashtextextended(person, hashtextextended(identifier, 7))'
const IDENTIFIER_HASH = 'hashtext(identifier)'

/**
 * The one full join, of hashes: the server sorts both sides by them and merges, which takes half as long as hashing texts
 * does, and no more memory than it is given. OFFSET 0 keeps the texts of the ledger out of what is sorted.
 */
const fillUnmatched = async (comparison: Comparison, spooled: Spooled, rows: number): Promise<void> => {
  const { fill, source } = comparison
  const everyone = selectSource(comparison, spooled)
  if (isNobody(source)) {
    return fill(
      'unmatched',
      `SELECT NULL::text AS person, NULL::text AS identifier, ctid AS place
       FROM ledger WHERE audience = $audience`,
    )
  }
  if (rows === 0) {
    return fill('unmatched', `SELECT person, identifier, NULL::tid AS place FROM (${everyone}) source`)
  }
  return fill(
    'unmatched',
    `SELECT w.person, w.identifier, l.place
     FROM (
       SELECT person, identifier, ${IDENTIFIER_HASH} AS identifier_hash,
              CASE WHEN ${describeJudged(comparison)} THEN NULL ELSE ${PAIR_HASH} END AS pair_hash
       FROM (${everyone}) source ${joinJudged(comparison)} OFFSET 0
     ) w
     FULL JOIN (
       SELECT ${PAIR_HASH} AS pair_hash, ${IDENTIFIER_HASH} AS identifier_hash, ctid AS place
       FROM ledger WHERE audience = $audience OFFSET 0
     ) l ON w.pair_hash = l.pair_hash AND w.identifier_hash = l.identifier_hash
     WHERE w.person IS NULL OR l.place IS NULL`,
  )
}

/**
 * Everyone of the source as `person` and `identifier`, which is NULL of who carries none, as a query. Pages may show
 * people twice. With recorded people each pair is there on its own, and of those on pages the greatest.
 */
const selectSource = ({ source }: Comparison, spooled: Spooled): string => {
  const pages =
    spooled === undefined
      ? 'SELECT NULL::text AS person, NULL::text AS identifier WHERE false'
      : `SELECT person, identifier FROM ${spooled}`
  if (!isEveryPairWanted(source)) return pages
  return `
    SELECT person, max(identifier) AS identifier FROM (${pages}) pages GROUP BY person
    UNION ALL SELECT person, identifier FROM ledger WHERE audience = ANY($recordedKeys)`
}

/** Of which rows of the source something has to be decided even if they are recorded, as a condition. */
const describeJudged = (comparison: Comparison): string => {
  const { sizes } = comparison
  const stage = stageReason(comparison)
  return [
    'identifier IS NULL',
    ...(stage === undefined ? [] : [`(${stage}) IS NOT NULL`]),
    ...(sizes.open > 0 ? ['is_open'] : []),
    ...(sizes.barred > 0 ? ['is_barred'] : []),
  ].join(' OR ')
}

/** Joined as a whole: all of a ledger may be in doubt. */
const joinJudged = ({ sizes, tables }: Comparison): string =>
  [
    ...(sizes.open > 0
      ? [`LEFT JOIN (SELECT identifier, true AS is_open FROM ${tables.open} o) o USING (identifier)`]
      : []),
    ...(sizes.barred > 0
      ? [`LEFT JOIN (SELECT identifier, true AS is_barred FROM ${tables.barred} b) b USING (identifier)`]
      : []),
  ].join(' ')

/** With the other rows of the same people: whoever is in the source twice, or in the ledger, may have one that did match. */
const fillKnown = ({ fill, tables }: Comparison): Promise<void> =>
  fill(
    'known',
    `SELECT l.person, l.identifier, l.entered_at, l.leaving_since, u.place, false AS is_matched
     FROM ${tables.unmatched} u JOIN ledger l ON l.ctid = u.place
     UNION ALL
     SELECT l.person, l.identifier, l.entered_at, l.leaving_since, l.ctid, true
     FROM ledger l
     WHERE l.audience = $audience AND l.person IN (
       SELECT u.person FROM ${tables.unmatched} u WHERE u.person IS NOT NULL
       UNION ALL SELECT s.person FROM ledger s WHERE s.audience = $audience AND s.is_second
     ) AND NOT EXISTS (SELECT 1 FROM ${tables.unmatched} u WHERE u.place = l.ctid)`,
  )

/** Whoever is on the pages under several identifiers counts under the greatest. */
const fillPeople = async (comparison: Comparison): Promise<void> => {
  const { fill, sizes, source, stand, tables } = comparison
  if (await isEachUnmatchedOnce(comparison))
    return stand('people', `SELECT person, identifier FROM ${tables.unmatched} u`, sizes.unmatched)
  const pairs = `
    SELECT person, identifier FROM ${tables.unmatched} u WHERE person IS NOT NULL
    UNION ALL SELECT person, identifier FROM ${tables.known} k WHERE is_matched`
  return fill(
    'people',
    isEveryPairWanted(source)
      ? `SELECT DISTINCT person, identifier FROM (${pairs}) pairs`
      : `SELECT person, max(identifier) AS identifier FROM (${pairs}) pairs GROUP BY person`,
  )
}

/** From how many people on it is dearer to group them than to look first whether anybody is there twice. */
const MANY_PEOPLE = 1_000_000

/** True when nobody of a first load is there twice, as far as hashes show: as many of them as rows prove it. */
const isEachUnmatchedOnce = async ({ count, sizes, tables }: Comparison): Promise<boolean> => {
  if (sizes.unmatched < MANY_PEOPLE || sizes.known > 0) return false
  const { once } = await count({
    once: `SELECT count(DISTINCT hashtextextended(person, 0)) FROM ${tables.unmatched} u`,
  })
  return once === sizes.unmatched
}

const countPeople = async ({ count, sizes, source, tables }: Comparison): Promise<number> => {
  if (sizes.people === 0 || !isEveryPairWanted(source)) return sizes.people
  const { people } = await count({ people: `SELECT count(DISTINCT person) FROM ${tables.people} p` })
  return people
}
