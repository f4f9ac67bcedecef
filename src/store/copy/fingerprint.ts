import { hash } from 'node:crypto'
import type { Part, PartReader, RowText, TakeRows } from './parts.ts'
import { tableNamed } from './tables.ts'

/** How many rows there are, and what they are. Two that are the same tell of the same rows. */
export interface Fingerprint {
  readonly rows: number
  readonly digest: string
}

/** Takes rows and says in the end what they were. */
export interface Fingerprinter {
  take(rows: readonly RowText[]): void
  result(): Fingerprint
}

const LANES = 8

/**
 * Adds up a hash of each row, lane by lane: engines give rows in an order of their own, so that the sum must not depend
 * on one. Where the order matters, the number of a row is part of it.
 */
export const createFingerprinter = ({ table }: Part): Fingerprinter => {
  const { isOrdered } = tableNamed(table)
  const lanes = new Uint32Array(LANES)
  let count = 0
  return {
    take: rows => {
      for (const row of rows) {
        count += 1
        const digest = hash('sha256', JSON.stringify(isOrdered ? [count, row] : row), 'buffer')
        for (let lane = 0; lane < LANES; lane += 1)
          lanes[lane] = (lanes[lane] ?? 0) + digest.readUInt32BE(4 * lane)
      }
    },
    result: () => ({ rows: count, digest: writeLanes(lanes) }),
  }
}

/** Reads a part for nothing but its fingerprint. */
export const readFingerprint = async (
  reader: Pick<PartReader, 'readPart'>,
  part: Part,
): Promise<Fingerprint> => {
  const seen = createFingerprinter(part)
  await reader.readPart(part, async rows => seen.take(rows))
  return seen.result()
}

/** The same rows go on to somebody else. */
export const alsoFor =
  (seen: Fingerprinter, take: TakeRows): TakeRows =>
  rows => {
    seen.take(rows)
    return take(rows)
  }

/** Of a table whose parts are known. */
export const addFingerprints = (parts: readonly Fingerprint[]): Fingerprint => {
  const lanes = new Uint32Array(LANES)
  for (const { digest } of parts)
    for (let lane = 0; lane < LANES; lane += 1)
      lanes[lane] = (lanes[lane] ?? 0) + Number.parseInt(digest.slice(8 * lane, 8 * lane + 8), 16)
  return { rows: parts.reduce((sum, { rows }) => sum + rows, 0), digest: writeLanes(lanes) }
}

export const isSameFingerprint = (a: Fingerprint, b: Fingerprint): boolean =>
  a.rows === b.rows && a.digest === b.digest

const writeLanes = (lanes: Uint32Array): string =>
  [...lanes].map(lane => lane.toString(16).padStart(8, '0')).join('')
