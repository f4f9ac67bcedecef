import { existsSync } from 'node:fs'
import { type FileHandle, open, rename } from 'node:fs/promises'
import { isDeepStrictEqual } from 'node:util'
import { failureOf } from '../model/failure.ts'
import type { RecordedState } from '../model/recorded.ts'
import { failOnFile } from './file-failure.ts'
import { replaceFile } from './replace-file.ts'
import {
  type CommitLine,
  type ReplayedLog,
  readText,
  replayText,
  writeCommitLine,
  writeHeader,
  writeStateLine,
} from './state-log.ts'
import { createTurns } from './turns.ts'

const MAX_BYTES = 4 * 1024 * 1024

export interface StateLogOptions {
  readonly path: string
  readonly storeId: string
  readonly target: string
  readonly readState: () => Promise<RecordedState>
  /** Past this size the log is rewritten as one line. */
  readonly maxBytes?: number
}

/** What happened to the small state, line by line, beside the store: what is left when the store is lost. */
export interface StateLog {
  /** Appends what a commit did, after it succeeded. On disk when it resolves. */
  append(commit: CommitLine): Promise<void>
  close(): Promise<void>
}

/**
 * Opens the log of a store that this process holds. A line that a crash lost is made up for with a full state. A log
 * of another store, or of a later state of this one, may be all that is left of it: it stays where it is as long as
 * this store is empty, and is then set aside, never overwritten.
 */
export const openStateLog = async (options: StateLogOptions): Promise<StateLog> => {
  const { path, maxBytes = MAX_BYTES } = options
  const inTurn = createTurns()
  let { file, isTorn } = await continueLog(options)
  // A state that is itself longer than the limit must not be rewritten at every commit.
  let shortestBytes = 0

  const begin = async (): Promise<void> => {
    const begun = await beginLog(options)
    await file?.close()
    file = begun
    shortestBytes = await sizeOf(file)
    isTorn = false
  }
  return {
    append: commit =>
      inTurn(async () => {
        if (!file) {
          if (commit.head === 0) return
          await setAside(path)
          return begin()
        }
        const line = isTorn ? `\n${writeStateLine(await options.readState())}` : writeCommitLine(commit)
        isTorn = true
        await appendLine(file, path, line)
        isTorn = false
        if ((await sizeOf(file)) > Math.max(maxBytes, 2 * shortestBytes)) await begin()
      }),
    close: () => inTurn(async () => void (await file?.close())),
  }
}

interface OpenedLog {
  /** Undefined while the file that lies there is not ours to write to. */
  file: FileHandle | undefined
  /** The last line may be half there. */
  isTorn: boolean
}

const continueLog = async (options: StateLogOptions): Promise<OpenedLog> => {
  const text = await readText(options.path)
  if (text === undefined) return { file: await beginLog(options), isTorn: false }
  const logged = replayOurs(text, options)
  const state = await options.readState()
  if (!logged || logged.state.head > state.head) return { file: undefined, isTorn: false }
  const file = await open(options.path, 'a', 0o600)
  const end = text.endsWith('\n') ? '' : '\n'
  const isWhole = logged.damagedLines === 0 && hasSameNotes(logged.state, state)
  if (end !== '' || !isWhole)
    await appendLine(file, options.path, `${end}${isWhole ? '' : writeStateLine(state)}`)
  return { file, isTorn: false }
}

/** What raises no head may be missing from a log of the same head. */
const hasSameNotes = (logged: RecordedState, state: RecordedState): boolean =>
  logged.head === state.head &&
  isDeepStrictEqual(new Map(logged.evidence), new Map(state.evidence)) &&
  isDeepStrictEqual(new Map(logged.allowances), new Map(state.allowances))

const replayOurs = (text: string, { path, storeId }: StateLogOptions): ReplayedLog | undefined => {
  try {
    const logged = replayText(text, path)
    return logged.state.storeId === storeId ? logged : undefined
  } catch (error) {
    if (failureOf(error)) return undefined
    throw error
  }
}

/** Starts the file again with all of the state. A store without any has a header only. */
const beginLog = async ({ path, storeId, target, readState }: StateLogOptions): Promise<FileHandle> => {
  const state = await readState()
  const isEmpty = state.head + state.evidence.size + state.allowances.size === 0
  const start = isEmpty ? '' : writeStateLine(state)
  await replaceFile(path, `${writeHeader(storeId, target)}${start}`, true)
  return open(path, 'a', 0o600)
}

const appendLine = async (file: FileHandle, path: string, line: string): Promise<void> => {
  try {
    await file.appendFile(line)
    await file.datasync()
  } catch (error) {
    failOnFile(path, error)
  }
}

const sizeOf = async (file: FileHandle): Promise<number> => (await file.stat()).size

/** The first free number: what was set aside before stays too. */
const setAside = async (path: string): Promise<void> => {
  if (!existsSync(path)) return
  let number = 1
  while (existsSync(`${path}.${number}`)) number += 1
  await rename(path, `${path}.${number}`)
}
