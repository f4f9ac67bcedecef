import type { Engine } from '../sql/engine.ts'
import { changeSize, readLedgerCounts, recount } from './ledger-counts.ts'

/** PostgreSQL, as the common SQL of all engines needs to know it. */
export const POSTGRES: Engine = {
  text: 'text COLLATE "C"',
  time: 'timestamptz',
  arrival: 'seq',
  place: 'ctid',
  placeType: 'tid',
  fold: expression => `fold(${expression})`,
  drawBucket: (expression, buckets) =>
    `('x' || left(encode(sha256(convert_to(${expression}, 'UTF8')), 'hex'), 8))::bit(32)::bigint % ${buckets}`,
  changeSize,
  recount,
  readSizes: readLedgerCounts,
}
