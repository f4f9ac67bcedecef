import { fail } from '../../model/failure.ts'
import type { Reads, Statements } from '../sql/statements.ts'
import { MIGRATIONS } from './migrations.ts'
import type { SchemaPlace } from './open.ts'

/** Which tables a schema has: 0 for none. Refuses those of a newer muster, and those that this role may not see. */
export const readVersion = async (inner: Reads, { name, schema }: SchemaPlace): Promise<number> => {
  // With the schema's name: else a schema that one may not use looks like one that is not there.
  const [table] = await inner.readRows(
    "SELECT to_regclass(quote_ident(?) || '.schema_version') IS NOT NULL AS is_there",
    [schema],
  )
  if (table?.is_there !== true) return 0
  const [row] = await inner.readRows('SELECT max(version) AS version FROM schema_version')
  const version = Number(row?.version ?? 0)
  refuseNewer(version, name)
  return version
}

/** Brings the tables up to date, inside a transaction that nobody else can be doing the same in. */
export const migrate = async (inner: Statements, version: number): Promise<void> => {
  await inner.run('CREATE TABLE IF NOT EXISTS schema_version (version integer PRIMARY KEY)')
  for (const [index, step] of MIGRATIONS.entries()) {
    if (index < version) continue
    await inner.run(step())
    await inner.run('INSERT INTO schema_version VALUES (?)', [index + 1])
  }
}

/** True of tables as this muster writes them. */
export const isUpToDate = (version: number): boolean => version === MIGRATIONS.length

/** Refuses tables that this muster cannot read as they are. */
export const refuseOlder = (version: number, name: string): void => {
  if (isUpToDate(version)) return
  fail({
    origin: 'store',
    code: 'store/older',
    detail: `"${name}" has version ${version}, this muster needs ${MIGRATIONS.length}.`,
    hint: 'run `muster apply` once: it brings the store up to date',
    retryable: false,
  })
}

const refuseNewer = (version: number, name: string): void => {
  if (version <= MIGRATIONS.length) return
  fail({
    origin: 'store',
    code: 'store/newer',
    detail: `"${name}" was written by a newer muster (version ${version}, this one knows ${MIGRATIONS.length}).`,
    hint: 'update muster',
    retryable: false,
  })
}
