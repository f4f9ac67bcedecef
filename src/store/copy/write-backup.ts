import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream, existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { fail } from '../../model/failure.ts'
import { failOnFile } from '../file-failure.ts'
import { type BackupHead, headLine, writeLine } from './backup-lines.ts'
import { addUp, type CopiedTable, type TellProgress } from './copy-store.ts'
import { createFingerprinter } from './fingerprint.ts'
import { describePart, type PartReader } from './parts.ts'

/**
 * Writes a store into one file, packed, readable by its owner alone: it holds identifiers. The file has its name only
 * when it is whole. Answers what is in it, table by table.
 */
export const writeBackup = async (
  source: PartReader,
  { path, about }: { readonly path: string; readonly about: BackupHead },
  tell: TellProgress,
): Promise<readonly CopiedTable[]> => {
  if (existsSync(path)) refuseExisting(path)
  const unfinished = `${path}.unfinished`
  const packed = createGzip()
  const written = pipeline(packed, createWriteStream(unfinished, { mode: 0o600, flush: true }))
  // Told to whoever waits for it below.
  written.catch(() => undefined)
  const digest = createHash('sha256')
  const put = async (text: string): Promise<void> => {
    digest.update(text)
    if (!packed.write(text)) await Promise.race([once(packed, 'drain'), written])
  }
  try {
    await put(writeLine(headLine(about)))
    const copied: CopiedTable[] = []
    const parts = await source.listParts()
    for (const [index, part] of parts.entries()) {
      tell(describePart(part), index, parts.length)
      await source.confirm()
      const seen = createFingerprinter(part)
      await put(writeLine({ part }))
      await source.readPart(part, rows => {
        seen.take(rows)
        return put(rows.map(writeLine).join(''))
      })
      await put(writeLine({ end: seen.result() }))
      copied.push({ name: part.table, ...seen.result() })
    }
    packed.end(writeLine({ whole: { parts: parts.length, digest: digest.digest('hex') } }))
    await written
    await source.confirm()
    await rename(unfinished, path)
    return addUp(copied)
  } catch (error) {
    packed.destroy()
    await rm(unfinished, { force: true })
    if (error instanceof Error && 'syscall' in error) return failOnFile(path, error)
    throw error
  }
}

const refuseExisting = (path: string): never =>
  fail({
    origin: 'store',
    code: 'state/file-exists',
    detail: `"${path}" is there already, and a backup is never written over.`,
    hint: 'choose another name',
    retryable: false,
  })
