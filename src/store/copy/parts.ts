/** A cell as text, the same whatever engine it comes from. */
export type CellText = string | null
export type RowText = readonly CellText[]

/** What is copied and compared as one: a table, or the rows of one audience in it. */
export interface Part {
  readonly table: string
  readonly audience?: string
}

/** Which store a copy is of, and as of which change. */
export interface StoreFacts {
  readonly storeId: string
  readonly head: number
}

/** Takes rows, some thousands at a time: a part is never in memory as a whole. */
export type TakeRows = (rows: readonly RowText[]) => Promise<void>

/** A store, or a file with one in it, of which nothing changes while it is read. */
export interface PartReader {
  readonly facts: StoreFacts
  /** All whole tables, and of the others the audiences that have rows. In the order in which they are read. */
  listParts(): Promise<readonly Part[]>
  readPart(part: Part, take: TakeRows): Promise<void>
  /** Rejects with `store/fenced` when somebody may have written since it was opened. */
  confirm(): Promise<void>
  close(): Promise<void>
}

/** Where a copy is made. Belongs to nobody before it is whole, so that nothing works on half a store. */
export interface CopyTarget extends Pick<PartReader, 'listParts' | 'readPart' | 'close'> {
  clearPart(part: Part): Promise<void>
  /** Fills a part that is empty, all or nothing. */
  fillPart(part: Part, fill: (put: TakeRows) => Promise<void>): Promise<void>
  /** Gives the copy to the accounts that the store belongs to, in one step. */
  finish(facts: StoreFacts): Promise<void>
}

/** In words. */
export const describePart = ({ table, audience }: Part): string =>
  audience === undefined ? table : `${table} of ${audience}`

/** The same part has the same key. */
export const keyOf = ({ table, audience = '' }: Part): string => `${table} ${audience}`

/** Whom a copy belongs to while it is made. */
export const ownerOfCopy = ({ storeId }: StoreFacts): string => `an unfinished copy of store ${storeId}`
