import type { Engine } from './engine.ts'

/** Types that each engine has a name of its own for. */
const [TIME, PLACE, TEXT] = ['time', 'place', 'text'] as const

const PERSON = { person: TEXT }
const IDENTIFIER = { identifier: TEXT }
const PAIR = { ...PERSON, ...IDENTIFIER }
const LISTED = { position: 'integer', ...IDENTIFIER }
const ENTERING = { entered_at: TIME, is_second: 'boolean' }

/** Columns of the temporary tables that an open delta is read from. */
const KEPT = {
  /** Whom a call must add, by position: one row for each row that the ledger gets, or one that gives it none. */
  adds: { ...LISTED, ...PERSON, ...ENTERING, is_new: 'boolean' },
  /** Whom a call must remove, by position, with the rows that the ledger loses. */
  removes: { ...LISTED, ...PERSON, is_only: 'boolean' },
  /** Members to be sent again, by position. */
  again: LISTED,
  /** Ranges of adds and removes that the ledger took over. */
  taken: { list: TEXT, low: 'integer', high: 'integer' },
  /** Rows that the ledger gets without a call: another person carries their identifier already. */
  carried: { ...PAIR, ...ENTERING },
  /** Rows that the ledger loses without a call: another person still carries their identifier. */
  handed: PAIR,
  /** People in the ledger and not in the source, and whether that is new. */
  missing: { ...PERSON, is_new: 'boolean' },
} as const

/** Columns of those that are gone once the delta is computed. */
const WORK = {
  /** Identifiers with an open attempt, and in which directions it may still overtake a contrary one. */
  open: { ...IDENTIFIER, awaits_add: 'boolean', awaits_remove: 'boolean' },
  /** Identifiers that were rejected lately. */
  barred: IDENTIFIER,
  testers: IDENTIFIER,
  /** What the join did not match: people of the source, or places in the ledger. */
  unmatched: { ...PAIR, place: PLACE },
  /** Ledger rows of everybody about whom something has to be decided. Nothing changes about all other rows. */
  known: {
    ...PAIR,
    entered_at: TIME,
    leaving_since: TIME,
    place: PLACE,
    is_matched: 'boolean',
  },
  /** The people of the source about whom something has to be decided, with or without an identifier. */
  people: PAIR,
  /** Those of them who carry an identifier, and why they are kept out, if they are. */
  judged: { ...PAIR, reason: TEXT },
  /** Identifiers that would be wanted but for a remove that has no answer yet. */
  awaited: IDENTIFIER,
  /** Pairs that are wanted, as far as something has to be decided, and by which exit rule, if by one. */
  wanted: { ...PAIR, held_by: TEXT },
  entering: { ...PAIR, ...ENTERING },
  leaving: PAIR,
  /** Identifiers and their twins that others carry about whom nothing has to be decided: certain, and wanted. */
  settled: IDENTIFIER,
  /** Identifiers that nobody wants, and why they are held all the same, if they are. */
  unwanted: { ...IDENTIFIER, held_by: TEXT },
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

const COLUMNS: Readonly<Record<DeltaTable, Readonly<Record<string, string>>>> = { ...KEPT, ...WORK }

const typeOf = (type: string, { time, placeType }: Engine): string => {
  if (type === TIME) return time
  return type === PLACE ? placeType : type
}

/** A table without rows costs a statement to make and one to drop, and the engine cannot know that it stays empty. */
const nobody = (table: DeltaTable, engine: Engine): string => {
  const columns = Object.entries(COLUMNS[table])
  return `(SELECT ${columns.map(([name, type]) => `NULL::${typeOf(type, engine)} AS ${name}`).join(', ')} WHERE false)`
}

const forEach = <T>(make: (table: DeltaTable) => T): Record<DeltaTable, T> =>
  Object.fromEntries(Object.keys(COLUMNS).map(table => [table, make(table as DeltaTable)])) as Record<
    DeltaTable,
    T
  >

/** The tables of the delta with this number. */
export const createTableSet = (engine: Engine, number: number): TableSet => {
  const tables = forEach(table => nobody(table, engine))
  const sizes = forEach(() => 0)
  const made = new Set<DeltaTable>()
  const nameOf = (table: DeltaTable): string => `${table}_${number}`
  return {
    tables,
    sizes,
    nameOf,
    columnsOf: table =>
      Object.entries(COLUMNS[table])
        .map(([name, type]) => `${name} ${type === TEXT ? engine.text : typeOf(type, engine)}`)
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
      const work = [...made].filter(table => table in WORK || sizes[table] === 0)
      for (const table of work) made.delete(table)
      return work.map(nameOf)
    },
    list: () => [...made].map(nameOf),
  }
}
