import { isEveryPairWanted, type ReadSource } from '../sql/comparison.ts'

/** Unit separator: an identifier that holds a control character never gets into a spool. */
export const DELIMITER = '\x1f'

/**
 * Everyone of the source as `person` and `identifier`, which is NULL of who carries none, as a query. Pages may show
 * people twice. With recorded people each pair is there on its own, and of those on pages the greatest.
 */
export const selectSource = (source: ReadSource): string => {
  const spooled = source.rows > 0 ? SPOOLED : NOBODY
  if (!isEveryPairWanted(source)) return spooled
  const keys = source.recordedKeys.map(key => `'${key.replaceAll("'", "''")}'`)
  return `
    SELECT person, max(identifier) AS identifier FROM (${spooled}) GROUP BY person
    UNION ALL SELECT person, identifier FROM ledger WHERE audience IN (${keys.join(', ')})`
}

const NOBODY = 'SELECT NULL::VARCHAR AS person, NULL::VARCHAR AS identifier WHERE false'

/** An empty field is read as NULL. */
const SPOOLED = `
  SELECT person, identifier
  FROM read_csv($path, header = false, auto_detect = false, delim = '${DELIMITER}', quote = '', escape = '',
                columns = {'person': 'VARCHAR', 'identifier': 'VARCHAR'})`
