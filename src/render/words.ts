/** A count with its noun: `1 audience`, `7 audiences`, `20,000 people`. */
export const countOf = (count: number, one: string, many = `${one}s`): string =>
  `${formatNumber(count)} ${count === 1 ? one : many}`

/** Thousands separated, the same on every machine. */
export const formatNumber = (count: number): string => count.toLocaleString('en-US')

/** Columns padded to their widest cell; the last one is left ragged. Cells must hold no colour. */
export const alignColumns = (rows: readonly (readonly string[])[], gap = 2): string[] => {
  const widths: number[] = []
  for (const row of rows)
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, cell.length)
  return rows.map(row =>
    row
      .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd((widths[column] ?? 0) + gap)))
      .join('')
      .trimEnd(),
  )
}
