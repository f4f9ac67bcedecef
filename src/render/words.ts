import { formatAge, type Instant } from '../model/time.ts'

/** A count with its noun: `1 audience`, `7 audiences`, `20,000 people`. */
export const countOf = (count: number, one: string, many = `${one}s`): string =>
  `${formatNumber(count)} ${count === 1 ? one : many}`

/** Thousands separated, the same on every machine. */
export const formatNumber = (count: number): string => count.toLocaleString('en-US')

/** Columns padded to their widest cell, numbers to the right. The last column is left ragged. No colour in cells. */
export const alignColumns = (rows: readonly (readonly string[])[], gap = 2): string[] => {
  const widths: number[] = []
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, cell.length)
  }
  const isNumeric = widths.map((_, column) => rows.slice(1).every(row => /^[\d,]+$/.test(row[column] ?? '')))
  const pad = (cell: string, column: number): string => {
    const width = widths[column] ?? 0
    return isNumeric[column] && rows.length > 1 ? cell.padStart(width) : cell.padEnd(width)
  }
  return rows.map(row => row.map(pad).join(' '.repeat(gap)).trimEnd())
}

/** An age inside a sentence: `3 d ago`, `just now`. */
export const agoOf = (since: Instant, now: Instant): string => {
  const age = formatAge(since, now)
  return age === 'just now' ? age : `${age} ago`
}
