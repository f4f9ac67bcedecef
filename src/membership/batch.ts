import type { BatchSize, DeltaRow } from '../ports.ts'

/** Rows that fit into one call, and the positions they cover, both ends included. */
export interface Batch {
  readonly identifiers: readonly string[]
  readonly from: number
  readonly to: number
  readonly bytes: number
}

/**
 * Cuts the longest run of rows that fits the byte budget. At least one row is always taken: a single identifier
 * over the budget must be refused by the destination, not loop here for ever.
 */
export const cutBatch = (rows: readonly DeltaRow[], size: BatchSize): Batch | undefined => {
  const first = rows[0]
  if (!first) return undefined
  let bytes = size.envelopeBytes
  let count = 0
  for (const { identifier } of rows) {
    const cost = size.memberBytes(identifier)
    if (count > 0 && bytes + cost > size.budgetBytes) break
    bytes += cost
    count += 1
  }
  const taken = rows.slice(0, count)
  return {
    identifiers: taken.map(({ identifier }) => identifier),
    from: first.position,
    to: first.position + count - 1,
    bytes,
  }
}

/** Rows to ask the engine for so that one slice is very likely to fill a batch, whatever the identifiers. */
export const sliceLimit = (size: BatchSize): number =>
  Math.ceil((size.budgetBytes - size.envelopeBytes) / size.memberBytes('x'))
