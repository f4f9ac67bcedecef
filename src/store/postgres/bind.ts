import type { NamedValues, SqlValue, Values } from '../sql/statements.ts'

/** A statement as the server takes it. */
export interface BoundStatement {
  readonly sql: string
  readonly values: readonly SqlValue[]
}

/**
 * Numbers the values of a statement, and says the type of each: the server would guess it from the place where one is
 * used, and refuses a value that is used in two. Without values the text goes as it is.
 */
export const bind = (sql: string, values: Values): BoundStatement =>
  isByPosition(values) ? bindPositions(sql, values) : bindNames(sql, values)

const isByPosition = (values: Values): values is readonly SqlValue[] => Array.isArray(values)

const bindPositions = (sql: string, values: readonly SqlValue[]): BoundStatement => {
  let used = 0
  const text = values.length === 0 ? sql : sql.replaceAll('?', () => typed(values, used++))
  return { sql: text, values }
}

const bindNames = (sql: string, named: NamedValues): BoundStatement => {
  const names: string[] = []
  const values: SqlValue[] = []
  const text = sql.replaceAll(/\$([A-Za-z][A-Za-z0-9]*)/g, (written, name: string) => {
    if (!Object.hasOwn(named, name)) return written
    if (!names.includes(name)) {
      names.push(name)
      values.push(named[name] ?? null)
    }
    return typed(values, names.indexOf(name))
  })
  return { sql: text, values }
}

const typed = (values: readonly SqlValue[], index: number): string =>
  `$${index + 1}::${typeOf(values[index] ?? null)}`

const typeOf = (value: SqlValue): string => {
  if (typeof value === 'number') return 'bigint'
  if (typeof value === 'boolean') return 'boolean'
  return Array.isArray(value) ? 'text[]' : 'text'
}
