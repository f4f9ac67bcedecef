import type { BatchSize, DeltaRow } from '../ports.ts'

/** Rows that fit into one call, one after the other without a gap. */
export interface Batch {
  readonly rows: readonly DeltaRow[]
  readonly bytes: number
}

/**
 * Cuts the longest run of rows that fits the byte budget. At least one row is always taken: a single identifier
 * over the budget must be refused by the destination, not loop here for ever.
 */
export const cutBatch = (rows: readonly DeltaRow[], size: BatchSize): Batch | undefined => {
  if (rows.length === 0) return undefined
  let bytes = size.envelopeBytes
  let count = 0
  for (const { identifier } of rows) {
    const cost = size.memberBytes(identifier)
    if (count > 0 && bytes + cost > size.budgetBytes) break
    bytes += cost
    count += 1
  }
  return { rows: rows.slice(0, count), bytes }
}

/** Rows to ask the engine for so that one slice is very likely to fill a batch, whatever the identifiers. */
export const sliceLimit = (size: BatchSize): number =>
  Math.max(1, Math.ceil((size.budgetBytes - size.envelopeBytes) / size.memberBytes('x')))

/**
 * The budget after a batch was too large: room for half as much of members as it had. The part of a call that all
 * batches share cannot be made smaller, so it is not halved.
 */
export const halveBudget = ({ bytes }: Pick<Batch, 'bytes'>, { envelopeBytes }: BatchSize): number =>
  envelopeBytes + Math.floor((bytes - envelopeBytes) / 2)

/** Both halves of a batch, neither of them empty as long as it has two rows. */
export const splitRows = (rows: readonly DeltaRow[]): readonly (readonly DeltaRow[])[] => {
  const middle = Math.ceil(rows.length / 2)
  return [rows.slice(0, middle), rows.slice(middle)]
}
