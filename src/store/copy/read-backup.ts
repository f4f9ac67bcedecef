import { createHash } from 'node:crypto'
import { invariant } from '../../model/invariant.ts'
import {
  type BackupHead,
  type BackupLine,
  headOf,
  isKnownPart,
  readBackupLines,
  refuseBackup,
} from './backup-lines.ts'
import { createFingerprinter, type Fingerprinter, isSameFingerprint } from './fingerprint.ts'
import { keyOf, type Part, type PartReader, type RowText, type TakeRows } from './parts.ts'

const ROWS_AT_ONCE = 5_000

/** A backup that is whole. */
export interface Backup extends PartReader {
  readonly about: BackupHead
}

/** Opens a backup, after all of it was read once: nothing is restored from a file that is damaged. */
export const openBackup = async (path: string): Promise<Backup> => {
  const { about, parts } = await checkBackup(path)
  let cursor: Cursor | undefined
  return {
    about,
    facts: { storeId: about.store_id, head: about.head },
    listParts: async () => parts,
    readPart: async (part, take) => {
      const index = parts.findIndex(each => keyOf(each) === keyOf(part))
      if (cursor === undefined || cursor.next > index) {
        await cursor?.lines.return(undefined)
        cursor = { lines: readBackupLines(path), next: 0 }
      }
      await readUpTo(cursor, index, take)
    },
    // A file that is whole has no holder, and nobody writes over it.
    confirm: async () => undefined,
    close: async () => void (await cursor?.lines.return(undefined)),
  }
}

/** Where in the file one reads. `next` is the number of the part that begins next. */
interface Cursor {
  readonly lines: ReturnType<typeof readBackupLines>
  next: number
}

/** Parts are asked for in their order, so that the file is seldom begun anew. */
const readUpTo = async (cursor: Cursor, index: number, take: TakeRows): Promise<void> => {
  let rows: RowText[] = []
  const isWanted = () => cursor.next === index + 1
  for (;;) {
    const { value } = await cursor.lines.next()
    invariant(value, 'a backup that was checked has all its parts')
    const { line } = value
    if ('part' in line) cursor.next += 1
    if (isRow(line) && isWanted()) rows.push(line)
    const isEnd = 'end' in line && isWanted()
    if (rows.length > 0 && (isEnd || rows.length >= ROWS_AT_ONCE)) {
      await take(rows)
      rows = []
    }
    if (isEnd) return
  }
}

const checkBackup = async (
  path: string,
): Promise<{ readonly about: BackupHead; readonly parts: readonly Part[] }> => {
  const digest = createHash('sha256')
  const parts: Part[] = []
  let about: BackupHead | undefined
  let seen: Fingerprinter | undefined
  let isWhole = false
  for await (const { line, text } of readBackupLines(path)) {
    if (isWhole) return refuseBackup(path)
    if (about === undefined) {
      about = headOf(line, path)
    } else if (isRow(line)) {
      if (!seen) return refuseBackup(path)
      seen.take([line])
    } else if ('part' in line) {
      if (seen || !isKnownPart(line.part)) return refuseBackup(path)
      parts.push(line.part)
      seen = createFingerprinter(line.part)
    } else if ('end' in line) {
      if (!seen || !isSameFingerprint(seen.result(), line.end)) return refuseBackup(path)
      seen = undefined
    } else {
      isWhole = 'whole' in line && !seen && isWholeBy(line.whole, parts.length, digest.digest('hex'))
      if (!isWhole) return refuseBackup(path)
      continue
    }
    digest.update(text)
  }
  return about && isWhole ? { about, parts } : refuseBackup(path)
}

const isWholeBy = (
  whole: { readonly parts: number; readonly digest: string },
  parts: number,
  digest: string,
): boolean => whole.parts === parts && whole.digest === digest

const isRow = (line: BackupLine): line is RowText => Array.isArray(line)
