/**
 * Ways to find out who enters and who leaves when the ledger is in PostgreSQL, each by itself: no rules, no lock, one column
 * of time. From the file of who was read to the committed ledger.
 */
import { createReadStream, createWriteStream, rmSync } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { DuckDBInstance } from '@duckdb/node-api'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'

const FORMAT = "WITH (FORMAT csv, DELIMITER E'\\x1f', QUOTE E'\\x01', ESCAPE E'\\x01', NULL '')"
const TEXT = 'text COLLATE "C"'
const PAIR = `person ${TEXT}, identifier ${TEXT}`

/** An empty ledger, with the index that batches find their rows by. */
export const createLedger = async client => {
  await client.query(
    `CREATE TABLE ledger (audience ${TEXT} NOT NULL, ${PAIR}, entered_at timestamptz DEFAULT now())`,
  )
  await client.query('CREATE INDEX ON ledger (audience, identifier)')
}

/** Everybody at once, as after a first load. */
export const fillLedger = async (client, path) => {
  await client.query(`CREATE TEMP TABLE fill (${PAIR})`)
  await copyIn(client, 'fill', path)
  await client.query(
    "INSERT INTO ledger (audience, person, identifier) SELECT 'bench', * FROM fill ORDER BY identifier",
  )
  await client.query('DROP TABLE fill')
  await client.query('VACUUM ANALYZE ledger')
}

const copyIn = (client, table, path) =>
  pipeline(createReadStream(path), client.query(copyFrom(`COPY ${table} FROM STDIN ${FORMAT}`)))

const LEDGER = "ledger WHERE audience = 'bench'"

/** Takes what entered into the ledger, and what left out of it. */
const apply = async client => {
  await client.query('ANALYZE entered')
  await client.query('ANALYZE gone')
  await client.query(
    "INSERT INTO ledger (audience, person, identifier) SELECT 'bench', * FROM entered ORDER BY identifier",
  )
  await client.query(
    "DELETE FROM ledger l USING gone g WHERE l.audience = 'bench' AND l.identifier = g.identifier AND l.person = g.person",
  )
  const { rows } = await client.query(
    'SELECT (SELECT count(*) FROM entered)::int AS entered, (SELECT count(*) FROM gone)::int AS gone',
  )
  return rows[0]
}

/** One transaction, in which `compare` makes the tables `entered` and `gone`. */
const inOneTransaction = compare => async (client, path) => {
  await client.query('BEGIN')
  await client.query("SET LOCAL work_mem TO '256MB'; SET LOCAL random_page_cost TO 1.1; SET LOCAL jit TO off")
  await compare(client, path)
  const moved = await apply(client)
  await client.query('DROP TABLE entered, gone')
  await client.query('COMMIT')
  return moved
}

const joinOnServer = join =>
  inOneTransaction(async (client, path) => {
    await client.query(`CREATE TEMP TABLE spooled (${PAIR})`)
    await copyIn(client, 'spooled', path)
    await client.query('ANALYZE spooled')
    await client.query(`CREATE TEMP TABLE unmatched AS ${join}`)
    await client.query(
      'CREATE TEMP TABLE entered AS SELECT person, identifier FROM unmatched WHERE person IS NOT NULL',
    )
    await client.query('ANALYZE unmatched')
    await client.query(
      'CREATE TEMP TABLE gone AS SELECT l.person, l.identifier FROM unmatched u JOIN ledger l ON l.ctid = u.place',
    )
    await client.query('DROP TABLE spooled, unmatched')
  })

const joinOn = (on, columns) => `
  SELECT w.person, w.identifier, l.place
  FROM (SELECT person, identifier ${columns} FROM spooled OFFSET 0) w
  FULL JOIN (SELECT ${columns === '' ? 'person, identifier,' : ''} ctid AS place ${columns} FROM ${LEDGER} OFFSET 0) l ON ${on}
  WHERE w.person IS NULL OR l.place IS NULL`

const HASHES =
  ', hashtextextended(person, hashtextextended(identifier, 7)) AS one, hashtext(identifier) AS other'

/** Parallel plans read no temporary tables, so these are there for everybody, and gone after a crash. */
const twoAntiJoins = inOneTransaction(async (client, path) => {
  await client.query(`CREATE UNLOGGED TABLE spooled (${PAIR})`)
  await copyIn(client, 'spooled', path)
  await client.query('ANALYZE spooled')
  await client.query('SET LOCAL max_parallel_workers_per_gather TO 2')
  await client.query(`CREATE UNLOGGED TABLE entered AS SELECT person, identifier FROM spooled s
    WHERE NOT EXISTS (SELECT 1 FROM ledger l WHERE audience = 'bench' AND l.person = s.person AND l.identifier = s.identifier)`)
  await client.query(`CREATE UNLOGGED TABLE gone AS SELECT person, identifier FROM ledger l
    WHERE audience = 'bench' AND NOT EXISTS (SELECT 1 FROM spooled s WHERE l.person = s.person AND l.identifier = s.identifier)`)
  await client.query('DROP TABLE spooled')
})

/** The ledger comes here, is compared by an engine within this process, and what changed goes back. */
const comparedHere = inOneTransaction(async (client, path) => {
  const [ledger, entered, gone] = ['ledger', 'entered', 'gone'].map(name => `${path}.${name}`)
  await pipeline(
    client.query(copyTo(`COPY (SELECT person, identifier FROM ${LEDGER}) TO STDOUT ${FORMAT}`)),
    createWriteStream(ledger),
  )
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '2',
    memory_limit: '2GB',
    preserve_insertion_order: 'false',
  })
  const engine = await instance.connect()
  const read = file =>
    `read_csv('${file}', header = false, auto_detect = false, delim = '\x1f', quote = '', escape = '', columns = {'person': 'VARCHAR', 'identifier': 'VARCHAR'})`
  await engine.run(`CREATE TABLE unmatched AS SELECT w.person AS entered, w.identifier, l.person AS gone, l.identifier AS former
    FROM ${read(path)} w FULL JOIN ${read(ledger)} l ON w.person = l.person AND w.identifier = l.identifier
    WHERE w.person IS NULL OR l.person IS NULL`)
  const write = (columns, condition, file) =>
    engine.run(
      `COPY (SELECT ${columns} FROM unmatched WHERE ${condition}) TO '${file}' (HEADER false, DELIMITER '\x1f', QUOTE '')`,
    )
  await write('entered, identifier', 'entered IS NOT NULL', entered)
  await write('gone, former', 'gone IS NOT NULL', gone)
  engine.closeSync()
  instance.closeSync()
  for (const [table, file] of [
    ['entered', entered],
    ['gone', gone],
  ]) {
    await client.query(`CREATE TEMP TABLE ${table} (${PAIR})`)
    await copyIn(client, table, file)
  }
  for (const file of [ledger, entered, gone]) rmSync(file)
})

export const DESIGNS = {
  'full join on texts': joinOnServer(joinOn('w.person = l.person AND w.identifier = l.identifier', '')),
  'full join on hashes': joinOnServer(joinOn('w.one = l.one AND w.other = l.other', HASHES)),
  'two parallel anti-joins': twoAntiJoins,
  'ledger out, DuckDB here, delta back': comparedHere,
}
