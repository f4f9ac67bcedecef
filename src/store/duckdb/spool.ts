import { type FileHandle, mkdir, open, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { invariant } from '../../model/invariant.ts'
import type { Spool, SpooledPerson } from '../../ports.ts'
import { type DeltaOptions, nameTables, openDelta } from './delta.ts'

/** Unit separator: an identifier that holds a control character never gets this far. */
const DELIMITER = '\x1f'
const CONTROL = /\p{Cc}/u

export interface SpoolOptions extends DeltaOptions {
  /** The file of this spool. */
  readonly path: string
}

/** Opens an empty spool: delimited rows in a file of its own beside the store, readable by its owner only. */
export const openSpool = async (options: SpoolOptions): Promise<Spool> => {
  await mkdir(dirname(options.path), { recursive: true, mode: 0o700 })
  const file = await open(options.path, 'w', 0o600)
  const recordedKeys = new Set<string>()
  return {
    append: people => appendRows(file, people),
    // Read when the delta is computed: copying a ledger into the spool and back would be for nothing.
    appendRecorded: async key => void recordedKeys.add(key),
    computeDelta: async ({ again = false } = {}) => {
      await file.close()
      const people = await loadSpool(options, [...recordedKeys])
      await rm(options.path, { force: true })
      return openDelta(options, people, again)
    },
    keep: async () => {
      await file.close()
      await rm(options.path, { force: true })
    },
    discard: async () => {
      await file.close()
      await rm(options.path, { force: true })
    },
  }
}

const appendRows = async (file: FileHandle, people: readonly SpooledPerson[]): Promise<void> => {
  let rows = ''
  for (const { person, identifier = '' } of people) {
    // One delimiter too many would split a person in two, and remove somebody else.
    invariant(
      person !== '' && !CONTROL.test(person) && !CONTROL.test(identifier),
      'a person cannot be spooled',
    )
    rows += `${person}${DELIMITER}${identifier}\n`
  }
  await file.writeFile(rows)
}

/** Loads the spool as the wanted table and answers how many people it holds, those without an identifier included. */
const loadSpool = async (
  { connection, path, number }: SpoolOptions,
  recordedKeys: readonly string[],
): Promise<number> => {
  const { wanted } = nameTables(number)
  await connection.run(
    `CREATE TEMP TABLE ${wanted} AS
     SELECT person, max(identifier) AS identifier
     FROM read_csv(?, header = false, auto_detect = false, delim = '${DELIMITER}', quote = '', escape = '',
                   columns = {'person': 'VARCHAR', 'identifier': 'VARCHAR'})
     GROUP BY person`,
    [path],
  )
  for (const key of recordedKeys) {
    // Pairs, because one person may be recorded under two identifiers: both are in the cohort.
    await connection.run(
      `INSERT INTO ${wanted}
       SELECT DISTINCT person, identifier FROM ledger l WHERE audience = ? AND NOT EXISTS (
         FROM ${wanted} w WHERE w.person = l.person AND w.identifier = l.identifier
       )`,
      [key],
    )
  }
  // Of the people appended each has one row. With recorded ones the same person may have more.
  const distinct = recordedKeys.length === 0 ? '*' : 'DISTINCT person'
  const [row] = await connection.readRows(`SELECT count(${distinct})::INTEGER AS people FROM ${wanted}`)
  // An empty field is read as NULL.
  await connection.run(`DELETE FROM ${wanted} WHERE identifier IS NULL`)
  return Number(row?.people ?? 0)
}
