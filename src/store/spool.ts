import type { CompareOptions, Delta, Spool } from '../ports.ts'
import { openSpoolFile, type SpoolPlace } from './spool-file.ts'
import { createRowEncoder } from './spool-rows.ts'
import type { ReadSource } from './sql/comparison.ts'

export interface SpoolOptions extends SpoolPlace {
  readonly compare: (source: ReadSource, options: CompareOptions) => Promise<Delta>
}

/** Opens a spool: delimited rows in a file of its own on this machine, readable by its owner only. */
export const openSpool = async (options: SpoolOptions): Promise<Spool> => {
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
      const delta = await options.compare(source, compare)
      await file.remove()
      return delta
    },
    keep: () => file.keep(),
    discard: () => file.remove(),
  }
}
