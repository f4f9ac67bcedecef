/** Whether a row has no like in a table, as a condition: `row` is its alias, and all columns must agree. */
export const lacks = (table: string, row: string, ...columns: readonly string[]): string =>
  `NOT ${has(table, row, ...columns)}`

/** The contrary. Joined as a whole where it stands alone or with AND; anywhere else, row by row. */
export const has = (table: string, row: string, ...columns: readonly string[]): string =>
  `EXISTS (SELECT 1 FROM ${table} other WHERE ${columns.map(column => `other.${column} = ${row}.${column}`).join(' AND ')})`
