/** Names of the temporary tables that an open delta is read from. */
export interface DeltaTables {
  /** Whom a call must add, by position: one row for each row that the ledger gets, or one that gives it none. */
  readonly adds: string
  /** Whom a call must remove, by position, with the rows that the ledger loses. */
  readonly removes: string
  /** Members to be sent again, by position. */
  readonly again: string
  /** Rows that the ledger gets without a call: another person carries their identifier already. */
  readonly carried: string
  /** Rows that the ledger loses without a call: another person still carries their identifier. */
  readonly handed: string
  /** People in the ledger and not in the source, and whether that is new. */
  readonly missing: string
}

/** Names of the tables that are gone once the delta is computed. */
export interface WorkTables {
  /** Identifiers with an open attempt, and in which directions it may still overtake a contrary one. */
  readonly open: string
  /** Identifiers that were rejected lately. */
  readonly barred: string
  readonly testers: string
  /** What the join did not match: people of the source, or places in the ledger. */
  readonly unmatched: string
  /** Ledger rows of everybody about whom something has to be decided. Nothing changes about all other rows. */
  readonly known: string
  /** The people of the source about whom something has to be decided, with or without an identifier. */
  readonly people: string
  /** Those of them who carry an identifier, and why they are kept out, if they are. */
  readonly judged: string
  /** Pairs that are wanted, as far as something has to be decided, and by which exit rule, if by one. */
  readonly wanted: string
  readonly entering: string
  readonly leaving: string
  /** Identifiers and their twins that others carry about whom nothing has to be decided: certain, and wanted. */
  readonly carriedOn: string
  /** Identifiers that nobody wants, and why they are held all the same, if they are. */
  readonly unwanted: string
}

const KEPT = ['adds', 'removes', 'again', 'carried', 'handed', 'missing'] as const
const WORK = [
  'open',
  'barred',
  'testers',
  'unmatched',
  'known',
  'people',
  'judged',
  'wanted',
  'entering',
  'leaving',
  'carriedOn',
  'unwanted',
] as const

/** The tables of the delta with this number. */
export const nameTables = (number: number): DeltaTables & WorkTables => {
  const named = [...KEPT, ...WORK].map(name => [name, `${name.toLowerCase()}_${number}`])
  // The two lists hold the keys of the two interfaces.
  return Object.fromEntries(named) as DeltaTables & WorkTables
}

/** Tables that a delta needs no longer than until it is computed. */
export const listWorkTables = (tables: WorkTables): readonly string[] => WORK.map(name => tables[name])

/** Tables that go when a delta is closed. */
export const listKeptTables = (tables: DeltaTables): readonly string[] => KEPT.map(name => tables[name])
