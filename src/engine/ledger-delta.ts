import type { Delta } from '../ports.ts'
import type { Run } from './run.ts'

interface LedgerKeys {
  /** Whose ledger is compared. */
  readonly key: string
  /** Whose recorded members are wanted there; nobody's when absent. */
  readonly wanted?: string
}

/** Compares a ledger with what is recorded, without reading any source, and closes the comparison whatever happens. */
export const withLedgerDelta = async <T>(
  run: Run,
  { key, wanted }: LedgerKeys,
  work: (delta: Delta) => Promise<T>,
): Promise<T> => {
  const spool = await run.store.openSpool(key)
  if (wanted !== undefined) await spool.appendRecorded(wanted)
  const delta = await spool.computeDelta()
  try {
    return await work(delta)
  } finally {
    await delta.close()
  }
}
