import { fail } from '../../model/failure.ts'
import type { Connection } from './connection.ts'
import { MIGRATIONS } from './migrations.ts'

/** Brings the tables up to date. Refuses those of a newer muster. */
export const migrate = async (connection: Connection, path: string): Promise<void> => {
  const version = await readVersion(connection)
  refuseNewer(version, path)
  for (const [index, step] of MIGRATIONS.entries()) {
    if (index < version) continue
    await connection.transact(async inner => {
      await inner.run('CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY)')
      for (const statement of step.split(';').filter(text => text.trim() !== '')) await inner.run(statement)
      await inner.run('INSERT INTO schema_version VALUES (?)', [index + 1])
    })
  }
}

/** Refuses tables that this muster cannot read as they are. */
export const checkVersion = async (connection: Connection, path: string): Promise<void> => {
  const version = await readVersion(connection)
  refuseNewer(version, path)
  if (version === MIGRATIONS.length) return
  fail({
    origin: 'store',
    code: 'store/older',
    detail: `"${path}" has version ${version}, this muster needs ${MIGRATIONS.length}.`,
    hint: 'run `muster apply` once: it brings the store up to date',
    retryable: false,
  })
}

const readVersion = async (connection: Connection): Promise<number> => {
  const tables = await connection.readRows(
    "SELECT 1 FROM duckdb_tables() WHERE table_name = 'schema_version'",
  )
  if (tables.length === 0) return 0
  const [row] = await connection.readRows('SELECT max(version) AS version FROM schema_version')
  return Number(row?.version ?? 0)
}

const refuseNewer = (version: number, path: string): void => {
  if (version <= MIGRATIONS.length) return
  fail({
    origin: 'store',
    code: 'store/newer',
    detail: `"${path}" was written by a newer muster (version ${version}, this one knows ${MIGRATIONS.length}).`,
    hint: 'update muster',
    retryable: false,
  })
}
