import type { Engine } from '../sql/engine.ts'
import { fold } from './fold.ts'
import { changeSize, markUncounted, readLedgerCounts } from './ledger-counts.ts'

/** DuckDB, as the common SQL of all engines needs to know it. */
export const DUCKDB: Engine = {
  text: 'VARCHAR',
  time: 'TIMESTAMP',
  arrival: 'rowid',
  place: 'rowid',
  placeType: 'BIGINT',
  fold,
  drawBucket: (expression, buckets) => `('0x' || left(sha256(${expression}), 8))::UBIGINT % ${buckets}`,
  changeSize,
  recount: markUncounted,
  readSizes: readLedgerCounts,
}
