import type { NamedValues, Statements } from '../sql/statements.ts'

/** By the place of each row, which is there at once, and by person only where a row is not where it was, or came since. */
export const markGone = async (inner: Statements, missing: string, values: NamedValues): Promise<void> => {
  const gone = `(SELECT person, place FROM ${missing} m WHERE is_new) g`
  const mark = 'UPDATE ledger l SET leaving_since = $at::timestamptz'
  const isUnmarked = 'l.audience = $audience AND l.leaving_since IS NULL'
  const [counted] = await inner.readRows(`SELECT count(*) AS rows FROM ${gone}`)
  const marked = await inner.run(
    `${mark} FROM ${gone} WHERE l.ctid = g.place AND l.person = g.person AND ${isUnmarked}`,
    values,
  )
  if (marked === Number(counted?.rows)) return
  await inner.run(`${mark} WHERE ${isUnmarked} AND l.person IN (SELECT person FROM ${gone})`, values)
}
