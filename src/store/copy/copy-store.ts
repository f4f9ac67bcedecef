import { fail } from '../../model/failure.ts'
import {
  addFingerprints,
  alsoFor,
  createFingerprinter,
  type Fingerprint,
  isSameFingerprint,
  readFingerprint,
} from './fingerprint.ts'
import { type CopyTarget, describePart, keyOf, type Part, type PartReader } from './parts.ts'
import { TABLES } from './tables.ts'

/** What became of a table. */
export interface CopiedTable extends Fingerprint {
  readonly name: string
}

/** What was copied, table by table. `found`: rows that a copy of before had brought over already. */
export interface Copied {
  readonly tables: readonly CopiedTable[]
  readonly found: number
}

/** Is told how far it is. */
export type TellProgress = (part: string, done: number, total: number) => void

/**
 * Copies a store, part by part. Each is read back and compared before the next one begins; what a copy of before brought
 * over, and is still the same, stays. Only a whole copy is given to the accounts it belongs to.
 */
export const copyStore = async (
  source: PartReader,
  target: CopyTarget,
  tell: TellProgress,
): Promise<Copied> => {
  const parts = await source.listParts()
  await clearOthers(target, parts)
  const copied: CopiedTable[] = []
  let found = 0
  for (const [index, part] of parts.entries()) {
    tell(describePart(part), index, parts.length)
    await source.confirm()
    const outcome = await copyPart(source, target, part)
    copied.push({ name: part.table, ...outcome.print })
    if (outcome.wasThere) found += outcome.print.rows
  }
  await source.confirm()
  await target.finish(source.facts)
  return { tables: addUp(copied), found }
}

/** One line for each table, of the fingerprints of its parts. */
export const addUp = (parts: readonly CopiedTable[]): readonly CopiedTable[] =>
  TABLES.map(({ name }) => ({ name, ...addFingerprints(parts.filter(part => part.name === name)) }))

/** Of a copy that was begun when the source had other audiences. */
const clearOthers = async (target: CopyTarget, parts: readonly Part[]): Promise<void> => {
  const wanted = new Set(parts.map(keyOf))
  for (const part of await target.listParts()) if (!wanted.has(keyOf(part))) await target.clearPart(part)
}

interface PartCopied {
  readonly print: Fingerprint
  readonly wasThere: boolean
}

const copyPart = async (source: PartReader, target: CopyTarget, part: Part): Promise<PartCopied> => {
  const there = await readFingerprint(target, part)
  if (there.rows > 0) {
    const wanted = await readFingerprint(source, part)
    if (isSameFingerprint(there, wanted)) return { print: wanted, wasThere: true }
    await target.clearPart(part)
  }
  const seen = createFingerprinter(part)
  await target.fillPart(part, put => source.readPart(part, alsoFor(seen, put)))
  const print = seen.result()
  const written = await readFingerprint(target, part)
  if (!isSameFingerprint(print, written)) refuseDifference(part, print, written)
  return { print, wasThere: false }
}

const refuseDifference = (part: Part, wanted: Fingerprint, written: Fingerprint): never =>
  fail({
    origin: 'store',
    code: 'state/copy-differs',
    detail: `The copy of ${describePart(part)} is not what was read: ${written.rows} rows instead of ${wanted.rows}, or others.`,
    hint: 'run the same command again; if it stays so, report it: the source is as it was',
    retryable: false,
  })
