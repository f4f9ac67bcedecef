import { createHash } from 'node:crypto'
import { type FileHandle, mkdir, open, readdir, readFile, rm, rmdir, stat, truncate } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { DAY_MS, type Instant } from '../model/time.ts'
import type { Clock } from '../ports.ts'
import { replaceFile } from './replace-file.ts'

/** A note waits for so many bytes, or so long, before it is made sure that it can be gone on from. */
const MOST_UNSURE_BYTES = 4 * 1024 * 1024
const MOST_UNSURE_MS = 1_000

const FORMAT_VERSION = 1

/** What lies beside a file of rows: up to where it is whole, and what the reader wants to know when it goes on. */
interface Mark {
  readonly format_version: number
  readonly resume_key: string
  readonly note: string
  readonly bytes: number
  readonly rows: number
  readonly at: Instant
}

/** Where the spool of an audience lies, and for whom. Without a key nothing of it is ever gone on with. */
export interface SpoolPlace {
  readonly path: string
  readonly resumeKey: string | undefined
  readonly clock: Pick<Clock, 'now'>
}

/** A file of rows under way. */
export interface SpoolFile {
  readonly path: string
  readonly resumed?: string
  /** Rows appended so far, those of before included. */
  readonly rows: number
  /** Appends rows. What has a note can be gone on with, at the latest a moment later. */
  append(encoded: Uint8Array, rows: number, note?: string): Promise<void>
  /** No more rows come. The file stays. */
  end(): Promise<void>
  /** Ends it, and makes sure that all up to the last note can be gone on with. */
  keep(): Promise<void>
  remove(): Promise<void>
}

/** The file of an audience's spool that can be gone on with. Its name says nothing, for it outlives the process. */
export const resumablePath = (folder: string, audience: string): string =>
  join(folder, `${createHash('sha256').update(audience).digest('hex').slice(0, 16)}.rows`)

/** Begins a file, or goes on with the one that lies there when it was begun under the same key. */
export const openSpoolFile = async ({ path, resumeKey, clock }: SpoolPlace): Promise<SpoolFile> => {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const left = resumeKey === undefined ? undefined : await findLeft(path, resumeKey, clock.now())
  if (!left) await removeSpool(path)
  else await truncate(path, left.bytes)
  const file = await open(path, left ? 'a' : 'w', 0o600)
  let bytes = left?.bytes ?? 0
  let rows = left?.rows ?? 0
  let noted: Omit<Mark, 'at'> | undefined
  let sure = { bytes, at: left?.at ?? '' }

  const markNoted = async (): Promise<void> => {
    if (!noted) return
    const mark: Mark = { ...noted, at: clock.now() }
    noted = undefined
    // In this order: what the mark says of the rows must be true after a power cut.
    await file.datasync()
    await replaceFile(markPath(path), JSON.stringify(mark), true)
    sure = { bytes: mark.bytes, at: mark.at }
  }
  return {
    path,
    ...(left ? { resumed: left.note } : {}),
    get rows() {
      return rows
    },
    append: async (encoded, added, note) => {
      await writeAll(file, encoded)
      bytes += encoded.length
      rows += added
      if (note === undefined || resumeKey === undefined) return
      noted = { format_version: FORMAT_VERSION, resume_key: resumeKey, note, bytes, rows }
      const isDue = bytes - sure.bytes >= MOST_UNSURE_BYTES || elapsed(sure.at, clock.now()) >= MOST_UNSURE_MS
      if (isDue) await markNoted()
    },
    end: () => file.close(),
    keep: async () => {
      await markNoted()
      await file.close()
      // A note may stand alone: it says which export is made, before a row of it is read.
      if (sure.at === '') await removeSpool(path)
    },
    remove: async () => {
      await file.close()
      await removeSpool(path)
    },
  }
}

/** Removes what nobody can go on with any more: all but files with a whole mark of the last day. */
export const sweepSpools = async (folder: string, now: Instant): Promise<void> => {
  const names = await readdir(folder).catch(() => [])
  const rowNames = names.filter(name => name.endsWith('.rows'))
  const left = new Set<string>()
  for (const name of rowNames) {
    const path = join(folder, name)
    if (!(await findMark(path, now))) continue
    left.add(name).add(markName(name))
  }
  for (const name of names)
    if (!left.has(name)) await rm(join(folder, name), { recursive: true, force: true })
  if (left.size === 0) await rmdir(folder).catch(() => undefined)
}

const findLeft = async (path: string, resumeKey: string, now: Instant): Promise<Mark | undefined> => {
  const mark = await findMark(path, now)
  return mark?.resume_key === resumeKey ? mark : undefined
}

/** Undefined when it is missing, damaged, too old, or says more of the rows than there is. */
const findMark = async (path: string, now: Instant): Promise<Mark | undefined> => {
  try {
    const mark = JSON.parse(await readFile(markPath(path), 'utf8')) as Mark
    const isWhole =
      mark.format_version === FORMAT_VERSION &&
      typeof mark.resume_key === 'string' &&
      typeof mark.note === 'string' &&
      Number.isSafeInteger(mark.rows) &&
      (await stat(path)).size >= mark.bytes
    return isWhole && Date.parse(now) - Date.parse(mark.at) <= DAY_MS ? mark : undefined
  } catch {
    return undefined
  }
}

const markName = (name: string): string => name.replace(/\.rows$/, '.mark.json')
const markPath = markName

/** Removes a file of rows, and what is noted of it. */
export const removeSpool = async (path: string): Promise<void> => {
  // The mark first: rows without one are never gone on with.
  await rm(markPath(path), { force: true })
  await rm(path, { force: true })
}

const elapsed = (since: Instant, now: Instant): number =>
  since === '' ? MOST_UNSURE_MS : Date.parse(now) - Date.parse(since)

/** A file handle may take less than it was given. */
const writeAll = async (file: FileHandle, bytes: Uint8Array): Promise<void> => {
  let written = 0
  while (written < bytes.length) {
    const { bytesWritten } = await file.write(bytes, written)
    written += bytesWritten
  }
}
