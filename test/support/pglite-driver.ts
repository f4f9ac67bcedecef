import { readFile } from 'node:fs/promises'
import type { PGlite, Results } from '@electric-sql/pglite'
import { failOnFile } from '../../src/store/file-failure.ts'
import type { Driver } from '../../src/store/postgres/driver.ts'
import type { Row } from '../../src/store/sql/statements.ts'

/** One of several sessions that share the one of a PostgreSQL within this process. What a session made for itself is gone when it closes. */
export const connectPglite = (database: PGlite): Driver => {
  const made = new Set<string>()
  return {
    run: async (sql, values) => {
      for (const [, name = ''] of sql.matchAll(/CREATE TEMP TABLE (\w+)/g)) made.add(name)
      const [answer] =
        values.length > 0 ? [await database.query(sql, [...values])] : (await database.exec(sql)).slice(-1)
      // Its own client does not say what was done.
      return { command: sql.split(' ', 1)[0] ?? '', ...toAnswer(answer) }
    },
    copyFile: async (sql, path) => {
      const bytes = await readFile(path).catch((error: unknown) => failOnFile(path, error))
      const blob = new Blob([bytes])
      return toAnswer(await database.query(sql.replace('FROM STDIN', "FROM '/dev/blob'"), [], { blob })).count
    },
    close: async () => {
      if (made.size > 0) await database.exec(`DROP TABLE IF EXISTS ${[...made].join(', ')}`)
      made.clear()
    },
  }
}

/** The types of both are those of the same columns. */
const toAnswer = (answer: Results<unknown> | undefined) => ({
  rows: (answer?.rows ?? []) as Row[],
  count: answer?.rowCount ?? answer?.affectedRows ?? 0,
})
