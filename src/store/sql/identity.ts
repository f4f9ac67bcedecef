import { refuseOtherTarget } from '../other-target.ts'
import type { Reads, Statements } from './statements.ts'

/** Which store, and whose, in words. */
export interface StoreIdentity {
  /** As people are told: a path, or a database and a schema. */
  readonly name: string
  /** Which accounts the store belongs to. A store that belongs to others is refused. */
  readonly target: string
}

/** Gives a store its id and its accounts, once. Refuses one that belongs to others. */
export const ensureIdentity = async (
  inner: Statements,
  place: StoreIdentity,
  createId: () => string,
): Promise<void> => {
  if ((await readTarget(inner)) === undefined) {
    await inner.run('INSERT INTO target VALUES (?)', [place.target])
  }
  await checkTarget(inner, place)
  if ((await readStoreId(inner)) !== undefined) return
  await inner.run('INSERT INTO identity VALUES (?)', [createId()])
}

/** Refuses a store that belongs to other accounts. */
export const checkTarget = async (inner: Reads, { name, target }: StoreIdentity): Promise<void> =>
  refuseOtherTarget(name, (await readTarget(inner)) ?? target, target)

/** The store's id, or undefined when it was only half made. */
export const readStoreId = async (inner: Reads): Promise<string | undefined> => {
  const [row] = await inner.readRows('SELECT store_id FROM identity')
  return row ? String(row.store_id) : undefined
}

const readTarget = async (inner: Reads): Promise<string | undefined> => {
  const [row] = await inner.readRows('SELECT value FROM target')
  return row ? String(row.value) : undefined
}
