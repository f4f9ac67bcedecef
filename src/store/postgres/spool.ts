import type { Spool } from '../../ports.ts'
import { openSpoolFile, type SpoolPlace } from '../spool-file.ts'
import { createRowEncoder } from '../spool-rows.ts'
import { computeDelta } from './compute-delta.ts'
import { type DeltaOptions, type OpenDelta, wrapDelta } from './delta.ts'

export interface SpoolOptions extends Omit<DeltaOptions, 'rules'>, SpoolPlace {
  /** Unique in the session: temporary tables are named after it. */
  readonly number: number
  readonly onOpen: (delta: OpenDelta) => void
}

/** Opens a spool: delimited rows in a file on this machine, which go to the server in one stream when they are compared. */
export const openSpool = async (options: SpoolOptions): Promise<Spool> => {
  const { connection, audience, number } = options
  const file = await openSpoolFile(options)
  const encodeRows = createRowEncoder()
  const recordedKeys = new Set<string>()
  return {
    ...(file.resumed === undefined ? {} : { resumed: file.resumed }),
    append: async (people, note) => file.append(encodeRows(people), people.length, note),
    // Read when the delta is computed: copying a ledger into the spool and back would be for nothing.
    appendRecorded: async key => void recordedKeys.add(key),
    computeDelta: async (compare = {}) => {
      await file.end()
      const source = { path: file.path, rows: file.rows, recordedKeys: [...recordedKeys] }
      const computed = await computeDelta(connection, { audience, source, number }, compare)
      await file.remove()
      const { rules } = compare
      options.onOpen({ ...computed.set, rules })
      return wrapDelta({ ...options, rules }, computed)
    },
    keep: () => file.keep(),
    discard: () => file.remove(),
  }
}
