const PERSON = { person: 'text' }
const IDENTIFIER = { identifier: 'text' }
const PAIR = { ...PERSON, ...IDENTIFIER }
/**
 * Where in the ledger a row was found. It is there at once, where looking for a person reads them all; but a row moves
 * when it is changed, so a place alone proves nothing.
 */
const PLACE = { place: 'tid' }
const LISTED = { position: 'integer', ...IDENTIFIER }
const ENTERING = { entered_at: 'timestamptz', is_second: 'boolean' }

/** Columns of the temporary tables that an open delta is read from. */
const KEPT = {
  /** Whom a call must add, by position: one row for each row that the ledger gets, or one that gives it none. */
  adds: { ...LISTED, ...PERSON, ...ENTERING, is_new: 'boolean' },
  /** Whom a call must remove, by position, with the rows that the ledger loses. */
  removes: { ...LISTED, ...PERSON, is_only: 'boolean' },
  /** Members to be sent again, by position. */
  again: LISTED,
  /** Ranges of adds and removes that the ledger took over. */
  taken: { list: 'text', low: 'integer', high: 'integer' },
  /** Rows that the ledger gets without a call: another person carries their identifier already. */
  carried: { ...PAIR, ...ENTERING },
  /** Rows that the ledger loses without a call: another person still carries their identifier. */
  handed: PAIR,
  /** Ledger rows of people who are not in the source, and whether that is new. */
  missing: { ...PERSON, ...PLACE, is_new: 'boolean' },
} as const

/** Columns of those that are gone once the delta is computed. */
const WORK = {
  /** What was read, as it lies in the file. */
  spooled: PAIR,
  /** Identifiers with an open attempt, and in which directions it may still overtake a contrary one. */
  open: { ...IDENTIFIER, awaits_add: 'boolean', awaits_remove: 'boolean' },
  /** Identifiers that were rejected lately. */
  barred: IDENTIFIER,
  testers: IDENTIFIER,
  /** What the join did not match: people of the source, or places in the ledger. */
  unmatched: { ...PAIR, ...PLACE },
  /** Ledger rows of everybody about whom something has to be decided. Nothing changes about all other rows. */
  known: {
    ...PAIR,
    entered_at: 'timestamptz',
    leaving_since: 'timestamptz',
    ...PLACE,
    is_matched: 'boolean',
  },
  /** The people of the source about whom something has to be decided, with or without an identifier. */
  people: PAIR,
  /** Those of them who carry an identifier, and why they are kept out, if they are. */
  judged: { ...PAIR, reason: 'text' },
  /** Identifiers that would be wanted but for a remove that has no answer yet. */
  awaited: IDENTIFIER,
  /** Pairs that are wanted, as far as something has to be decided, and by which exit rule, if by one. */
  wanted: { ...PAIR, held_by: 'text' },
  entering: { ...PAIR, ...ENTERING },
  leaving: PAIR,
  /** Identifiers and their twins that others carry about whom nothing has to be decided: certain, and wanted. */
  settled: IDENTIFIER,
  /** Identifiers that nobody wants, and why they are held all the same, if they are. */
  unwanted: { ...IDENTIFIER, held_by: 'text' },
} as const

type KeptTable = keyof typeof KEPT
export type DeltaTable = KeptTable | keyof typeof WORK

/** What stands for a table in a statement: its name, or nobody at all while nothing is in it. Needs an alias. */
export type Tables<Name extends DeltaTable> = Readonly<Record<Name, string>>
export type KeptTables = Tables<KeptTable>

/** The temporary tables of one delta, made when the first row comes. */
export interface TableSet {
  readonly tables: Tables<DeltaTable>
  readonly sizes: Readonly<Record<DeltaTable, number>>
  /** The name to make a table under. */
  nameOf(table: DeltaTable): string
  /** Its columns, as they are declared. */
  columnsOf(table: DeltaTable): string
  /** Takes note that there are so many rows more. */
  grow(table: DeltaTable, rows: number): void
  has(table: DeltaTable): boolean
  /** Lets a query stand for a table, with so many rows. */
  stand(table: DeltaTable, query: string, rows: number): void
  /** Names of the tables that are there and that the delta is not read from, which are forgotten. */
  takeWork(): readonly string[]
  /** Names of the tables that are there. */
  list(): readonly string[]
}

/** A table without rows costs a statement to make and one to drop, and the server cannot know that it stays empty. */
const nobody = (columns: Readonly<Record<string, string>>): string =>
  `(SELECT ${Object.entries(columns)
    .map(([name, type]) => `NULL::${type} AS ${name}`)
    .join(', ')} WHERE false)`

const COLUMNS: Readonly<Record<DeltaTable, Readonly<Record<string, string>>>> = { ...KEPT, ...WORK }

const NOBODY = Object.fromEntries(
  Object.entries(COLUMNS).map(([table, columns]) => [table, nobody(columns)]),
) as Tables<DeltaTable>

/** The tables of the delta with this number. */
export const createTableSet = (number: number): TableSet => {
  const tables: Record<DeltaTable, string> = { ...NOBODY }
  const sizes = Object.fromEntries(Object.keys(NOBODY).map(table => [table, 0])) as Record<DeltaTable, number>
  const made = new Set<DeltaTable>()
  const nameOf = (table: DeltaTable): string => `${table}_${number}`
  return {
    tables,
    sizes,
    nameOf,
    columnsOf: table =>
      Object.entries(COLUMNS[table])
        .map(([name, type]) => `${name} ${type}${type === 'text' ? ' COLLATE "C"' : ''}`)
        .join(', '),
    grow: (table, rows) => {
      made.add(table)
      sizes[table] += rows
      if (sizes[table] > 0) tables[table] = nameOf(table)
    },
    has: table => made.has(table),
    stand: (table, query, rows) => {
      sizes[table] = rows
      if (rows > 0) tables[table] = `(${query})`
    },
    takeWork: () => {
      const work = [...made].filter(table => table in WORK)
      for (const table of work) made.delete(table)
      return work.map(nameOf)
    },
    list: () => [...made].map(nameOf),
  }
}
