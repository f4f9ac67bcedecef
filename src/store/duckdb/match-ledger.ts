import type { Direction } from '../../model/membership.ts'
import { type Comparison, isEveryPairWanted, isNobody } from '../sql/comparison.ts'
import type { Matched } from '../sql/compute-delta.ts'
import { stageReason } from '../sql/rule-sql.ts'
import type { Statements } from '../sql/statements.ts'
import { selectSource } from './select-source.ts'

/**
 * Finds everybody about whom something has to be decided, and all that the ledger knows of them. Of ten million people
 * that is one in a hundred: whoever is in the source and in the ledger under the same identifier is left out at once.
 */
export const matchLedger = async (inner: Statements, comparison: Comparison): Promise<Matched> => {
  const { sizes, source } = comparison
  await resetOptimizers(inner)
  const facts = await comparison.count({
    rows: 'SELECT count(*) FROM ledger WHERE audience = $audience',
    seconds: 'SELECT count(*) FROM ledger WHERE audience = $audience AND is_second',
    unsettled: 'SELECT count(*) FROM unsettled WHERE audience = $audience',
    rejected: 'SELECT count(*) FROM rejected WHERE audience = $audience',
  })
  if (facts.unsettled > 0) await fillOpen(comparison)
  if (facts.rejected > 0 && comparison.rules) await fillBarred(comparison)
  if (facts.rows > 0 || !isNobody(source)) await fillUnmatched(inner, comparison, facts.rows)
  if (facts.rows > 0 && sizes.unmatched + facts.seconds > 0) await fillKnown(comparison)
  if (sizes.unmatched + sizes.known > 0) await fillPeople(comparison)
  const settledRows = facts.rows - sizes.known
  // Of whoever has several rows all are known, so that each settled row is a person of its own.
  return { settledRows, people: settledRows + (await countPeople(comparison)) }
}

const fillOpen = ({ fill, rules }: Comparison): Promise<void> => {
  const awaits = (direction: Direction): string =>
    rules ? `bool_or(direction = '${direction}' AND attempted_at > $unsettledSince::TIMESTAMP)` : 'false'
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
     WHERE audience = $audience AND rejected_at >= $rejectedSince::TIMESTAMP`,
  )

/** What a pair comes down to in the join: two that are not the same agree in all 96 bits once in 10^16 changes. */
const PAIR_HASH = 'hash(person, identifier)'
const IDENTIFIER_HASH = '(hash(identifier) >> 32)::UINTEGER'

/**
 * The one full join. The ledger is the side that is held in memory, 16 bytes a row and what the engine adds to it, so the
 * order of the sides is not left to the engine, which cannot know how long a file is. Tried and given up: people grouped
 * before the join (four times as long), texts instead of hashes (twice), hashes grouped without a join (twice).
 */
const fillUnmatched = async (inner: Statements, comparison: Comparison, rows: number): Promise<void> => {
  const { fill, source } = comparison
  if (isNobody(source)) {
    return fill(
      'unmatched',
      `SELECT NULL::VARCHAR AS person, NULL::VARCHAR AS identifier, rowid AS place
       FROM ledger WHERE audience = $audience`,
    )
  }
  if (rows === 0) {
    return fill(
      'unmatched',
      `SELECT person, identifier, NULL::BIGINT AS place FROM (${selectSource(source)})`,
    )
  }
  await inner.run("SET disabled_optimizers = 'join_order,build_side_probe_side'")
  try {
    await fill(
      'unmatched',
      `SELECT w.person, w.identifier, l.place::BIGINT AS place
       FROM (
         SELECT person, identifier, ${IDENTIFIER_HASH} AS identifier_hash,
                CASE WHEN ${describeJudged(comparison)} THEN NULL ELSE ${PAIR_HASH} END AS pair_hash
         FROM (${selectSource(source)})
       ) w
       FULL JOIN (
         SELECT ${PAIR_HASH} AS pair_hash, ${IDENTIFIER_HASH} AS identifier_hash, rowid::UINTEGER AS place
         FROM ledger WHERE audience = $audience
       ) l ON w.pair_hash = l.pair_hash AND w.identifier_hash = l.identifier_hash
       WHERE w.person IS NULL OR l.place IS NULL`,
    )
  } finally {
    // Refused in a transaction that failed, whose own error is the one to tell: then the next comparison does it.
    await resetOptimizers(inner).catch(() => undefined)
  }
}

/** The setting is one of the connection, and no rollback takes it back. */
const resetOptimizers = async (inner: Statements): Promise<void> =>
  void (await inner.run("SET disabled_optimizers = ''"))

/** Of which rows of the source something has to be decided even if they are recorded, as a condition. */
const describeJudged = (comparison: Comparison): string => {
  const { sizes, tables } = comparison
  const stage = stageReason(comparison)
  return [
    'identifier IS NULL',
    ...(stage === undefined ? [] : [`${stage} IS NOT NULL`]),
    ...(sizes.open > 0 ? [`identifier IN (SELECT identifier FROM ${tables.open})`] : []),
    ...(sizes.barred > 0 ? [`identifier IN (SELECT identifier FROM ${tables.barred})`] : []),
  ].join(' OR ')
}

/** With the other rows of the same people: whoever is in the source twice, or in the ledger, may have one that did match. */
const fillKnown = ({ fill, tables }: Comparison): Promise<void> =>
  fill(
    'known',
    `SELECT person, identifier, entered_at, leaving_since, rowid AS place, false AS is_matched
     FROM ledger WHERE rowid IN (SELECT place FROM ${tables.unmatched} WHERE place IS NOT NULL)
     UNION ALL
     SELECT person, identifier, entered_at, leaving_since, rowid, true
     FROM ledger
     WHERE audience = $audience AND person IN (
       SELECT person FROM ${tables.unmatched} WHERE person IS NOT NULL
       UNION ALL SELECT person FROM ledger WHERE audience = $audience AND is_second
     ) AND rowid NOT IN (SELECT place FROM ${tables.unmatched} WHERE place IS NOT NULL)`,
  )

/** Whoever is on the pages under several identifiers counts under the greatest. */
const fillPeople = async (comparison: Comparison): Promise<void> => {
  const { fill, sizes, source, stand, tables } = comparison
  if (await isEachUnmatchedOnce(comparison))
    return stand('people', `SELECT person, identifier FROM ${tables.unmatched}`, sizes.unmatched)
  const pairs = `
    SELECT person, identifier FROM ${tables.unmatched} WHERE person IS NOT NULL
    UNION ALL SELECT person, identifier FROM ${tables.known} WHERE is_matched`
  return fill(
    'people',
    isEveryPairWanted(source)
      ? `SELECT DISTINCT person, identifier FROM (${pairs})`
      : `SELECT person, max(identifier) AS identifier FROM (${pairs}) GROUP BY person`,
  )
}

/** From how many people on it is dearer to group them than to look first whether anybody is there twice. */
const MANY_PEOPLE = 1_000_000

/**
 * True when nobody of a first load is there twice, as far as hashes show: fewer hashes than rows prove nothing, as many
 * prove it. The engine's hash of the text alone has doubles among ten million ids that look alike.
 */
const isEachUnmatchedOnce = async ({ count, sizes, tables }: Comparison): Promise<boolean> => {
  if (sizes.unmatched < MANY_PEOPLE || sizes.known > 0) return false
  const { once } = await count({
    once: `SELECT count(DISTINCT hash(person, reverse(person))) FROM ${tables.unmatched}`,
  })
  return once === sizes.unmatched
}

const countPeople = async ({ count, sizes, source, tables }: Comparison): Promise<number> => {
  if (sizes.people === 0 || !isEveryPairWanted(source)) return sizes.people
  const { people } = await count({ people: `SELECT count(DISTINCT person) FROM ${tables.people}` })
  return people
}
