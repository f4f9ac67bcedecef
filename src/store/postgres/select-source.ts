import type { Comparison, ReadSource } from './comparison.ts'

/** True where somebody may be wanted under several identifiers: both were accepted under another key. */
export const isEveryPairWanted = ({ recordedKeys }: ReadSource): boolean => recordedKeys.length > 0

/** True when nothing was appended at all. */
export const isNobody = ({ rows, recordedKeys }: ReadSource): boolean => rows + recordedKeys.length === 0

/**
 * Everyone of the source as `person` and `identifier`, which is NULL of who carries none, as a query. Pages may show
 * people twice. With recorded people each pair is there on its own, and of those on pages the greatest.
 */
export const selectSource = ({ source, tables }: Comparison): string => {
  const spooled = `SELECT person, identifier FROM ${tables.spooled} spooled`
  if (!isEveryPairWanted(source)) return spooled
  return `
    SELECT person, max(identifier) AS identifier FROM (${spooled}) pages GROUP BY person
    UNION ALL SELECT person, identifier FROM ledger WHERE audience = ANY($recordedKeys)`
}
