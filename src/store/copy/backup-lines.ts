import { createReadStream } from 'node:fs'
import { createGunzip } from 'node:zlib'
import { fail } from '../../model/failure.ts'
import type { Fingerprint } from './fingerprint.ts'
import type { Part, RowText } from './parts.ts'
import { TABLES } from './tables.ts'

const FORMAT_VERSION = 1

/** What a backup says of itself. */
export interface BackupHead {
  readonly store_id: string
  readonly head: number
  /** Whose the store is, in words. */
  readonly accounts: string
  readonly made_at: string
  readonly muster_version: string
}

/** A line of a backup: its head, then each part with its rows and its end, then the end of all. */
export type BackupLine =
  | { readonly muster_backup: number; readonly about: BackupHead }
  | { readonly part: Part }
  | RowText
  | { readonly end: Fingerprint }
  | { readonly whole: { readonly parts: number; readonly digest: string } }

export const headLine = (about: BackupHead): BackupLine => ({ muster_backup: FORMAT_VERSION, about })

export const writeLine = (line: BackupLine): string => `${JSON.stringify(line)}\n`

/** The lines of a file, unpacked as they are asked for, each with the text it was read from. */
export const readBackupLines = async function* (
  path: string,
): AsyncGenerator<{ readonly line: BackupLine; readonly text: string }> {
  let rest = ''
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  const file = createReadStream(path)
  const unpacked = file.pipe(createGunzip())
  file.on('error', error => unpacked.destroy(error))
  try {
    for await (const chunk of unpacked as AsyncIterable<Buffer>) {
      const texts = `${rest}${decoder.decode(chunk, { stream: true })}`.split('\n')
      rest = texts.pop() ?? ''
      for (const text of texts) yield { line: parseLine(text), text: `${text}\n` }
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') refuseNoFile(path)
    refuseBackup(path)
  } finally {
    file.destroy()
  }
  if (rest !== '') refuseBackup(path)
}

/** The head of a backup that this muster can read. */
export const headOf = (line: BackupLine | undefined, path: string): BackupHead => {
  if (line === undefined || !('muster_backup' in line)) return refuseBackup(path)
  if (line.muster_backup !== FORMAT_VERSION) return refuseNewer(path)
  return line.about
}

/** True of a part as this muster copies it. */
export const isKnownPart = ({ table, audience }: Part): boolean =>
  TABLES.some(({ name, isByAudience }) => name === table && isByAudience === (audience !== undefined))

/** A file that is damaged, or none of ours. */
export const refuseBackup = (path: string): never =>
  fail({
    origin: 'store',
    code: 'state/bad-backup',
    detail: `"${path}" is no backup of a muster store, or it is damaged. Nothing was written.`,
    hint: 'choose another backup',
    retryable: false,
  })

const refuseNoFile = (path: string): never =>
  fail({
    origin: 'store',
    code: 'state/no-backup',
    detail: `There is no file "${path}".`,
    hint: 'check the path',
    retryable: false,
  })

const refuseNewer = (path: string): never =>
  fail({
    origin: 'store',
    code: 'store/newer',
    detail: `"${path}" was written by a newer muster.`,
    hint: 'update muster',
    retryable: false,
  })

/** Only this house writes the lines, and a digest over all of them says whether they are as they were written. */
const parseLine = (text: string): BackupLine => JSON.parse(text) as BackupLine
