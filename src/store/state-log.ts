import { readFile } from 'node:fs/promises'
import type { AudienceId } from '../model/audience.ts'
import { fail } from '../model/failure.ts'
import type { Address } from '../model/plan.ts'
import {
  EMPTY_STATE,
  type QaEvidence,
  type RecordedAllowance,
  type RecordedObject,
  type RecordedState,
  type Tombstone,
} from '../model/recorded.ts'
import type { JournalEntry } from '../model/store-write.ts'
import { failOnFile } from './file-failure.ts'
import {
  changeSmallState,
  isLoggedKind,
  type LoggedWrite,
  raisesHead,
  type SmallState,
} from './small-state.ts'

const FORMAT_VERSION = 1

/** First line: whose log this is. */
interface HeaderLine {
  readonly format_version: number
  readonly store_id: string
  readonly target: string
}

/** What one commit did, and the head after it. */
export interface CommitLine {
  readonly head: number
  readonly writes: readonly LoggedWrite[]
}

/** Evidence and allowances are missing from lines of before they were kept. */
interface WrittenState {
  readonly objects: readonly RecordedObject[]
  readonly tombstones: readonly Tombstone[]
  readonly evidence?: readonly QaEvidence[]
  readonly allowances?: readonly RecordedAllowance[]
}

/** All of the small state at one head. What came before it no longer matters. */
interface StateLine {
  readonly head: number
  readonly state: WrittenState
}

/** What a log says of a store that may be lost. */
export interface ReplayedLog {
  /** Without members and sync marks: who was sent is in the store alone. */
  readonly state: RecordedState
  readonly target: string
  /** Journal entries since the log was last rewritten, oldest first. */
  readonly journal: readonly JournalEntry[]
  /** Lines that cannot be read or are missing, and that no later full state makes up for. */
  readonly damagedLines: number
}

/** Where the log of a store lies. */
export const stateLogPath = (storePath: string): string => `${storePath}.log.jsonl`

/** Reads a log to its end. Undefined when there is none; rejects when the file is something else. */
export const replayStateLog = async (logPath: string): Promise<ReplayedLog | undefined> => {
  const text = await readText(logPath)
  return text === undefined ? undefined : replayText(text, logPath)
}

/** The text of a log, or undefined when there is none. */
export const readText = async (path: string): Promise<string | undefined> => {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    return failOnFile(path, error)
  }
}

/** The same as `replayStateLog`, of a text. */
export const replayText = (text: string, logPath: string): ReplayedLog => {
  const [first = '', ...lines] = text.split('\n')
  const header = parseHeader(first) ?? refuseForeign(logPath)
  const replay: Replay = {
    objects: new Map(),
    tombstones: new Map(),
    evidence: new Map(),
    allowances: new Map(),
    journal: [],
    head: 0,
    damagedLines: 0,
  }
  for (const line of lines) if (line !== '') replayLine(replay, line)
  const { journal, damagedLines, ...state } = replay
  return {
    state: { ...EMPTY_STATE, ...state, storeId: header.store_id },
    target: header.target,
    journal,
    damagedLines,
  }
}

/** The first line of a log. */
export const writeHeader = (storeId: string, target: string): string => {
  const header: HeaderLine = { format_version: FORMAT_VERSION, store_id: storeId, target }
  return `${JSON.stringify(header)}\n`
}

/** A full state as a line. */
export const writeStateLine = ({
  head,
  objects,
  tombstones,
  evidence,
  allowances,
}: RecordedState): string => {
  const line: StateLine = {
    head,
    state: {
      objects: [...objects.values()],
      tombstones: [...tombstones.values()],
      evidence: [...evidence.values()],
      allowances: [...allowances.values()],
    },
  }
  return `${JSON.stringify(line)}\n`
}

/** A commit as a line. */
export const writeCommitLine = (commit: CommitLine): string => `${JSON.stringify(commit)}\n`

interface Replay extends SmallState {
  readonly objects: Map<Address, RecordedObject>
  readonly tombstones: Map<string, Tombstone>
  readonly evidence: Map<AudienceId, QaEvidence>
  readonly allowances: Map<string, RecordedAllowance>
  readonly journal: JournalEntry[]
  head: number
  damagedLines: number
}

const replayLine = (replay: Replay, text: string): void => {
  const line = parseLine(text)
  if (!line) {
    replay.damagedLines += 1
    return
  }
  if ('state' in line) {
    replayState(replay, line.state)
    replay.head = line.head
    replay.damagedLines = 0
    return
  }
  for (const write of line.writes) if (write.kind === 'journal') replay.journal.push(write.entry)
  // A full state may have been written between a commit and its line: then it holds the commit already.
  const isChange = line.writes.some(raisesHead)
  if (isChange && line.head <= replay.head) return
  if (line.head > replay.head + (isChange ? 1 : 0)) replay.damagedLines += 1
  for (const write of line.writes) changeSmallState(replay, write)
  replay.head = line.head
}

const replayState = (replay: Replay, state: WrittenState): void => {
  const { objects, tombstones, evidence = [], allowances = [] } = state
  for (const kept of [replay.objects, replay.tombstones, replay.evidence, replay.allowances]) kept.clear()
  for (const object of objects) changeSmallState(replay, { kind: 'object', object })
  for (const tombstone of tombstones) changeSmallState(replay, { kind: 'tombstone', tombstone })
  for (const each of evidence) changeSmallState(replay, { kind: 'evidence', evidence: each })
  for (const allowance of allowances) changeSmallState(replay, { kind: 'allowance', allowance })
}

const parseHeader = (text: string): HeaderLine | undefined => {
  const header = parseObject(text)
  if (header?.format_version !== FORMAT_VERSION) return undefined
  const isWhole = typeof header.store_id === 'string' && typeof header.target === 'string'
  // Only this module writes the line.
  return isWhole ? (header as unknown as HeaderLine) : undefined
}

const parseLine = (text: string): CommitLine | StateLine | undefined => {
  const line = parseObject(text)
  if (!line || !Number.isSafeInteger(line.head)) return undefined
  const { state, writes } = line
  // Only this module writes the lines; half of one is no JSON.
  if (isObject(state) && Array.isArray(state.objects) && Array.isArray(state.tombstones))
    return line as unknown as StateLine
  return Array.isArray(writes) && writes.every(isKnownWrite) ? (line as unknown as CommitLine) : undefined
}

const isKnownWrite = (write: unknown): boolean => isObject(write) && isLoggedKind(write.kind)

const parseObject = (text: string): Record<string, unknown> | undefined => {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const refuseForeign = (logPath: string): never =>
  fail({
    origin: 'store',
    code: 'store/unreadable',
    detail: `"${logPath}" is not the log of a muster store, or its first line is damaged.`,
    hint: 'restore a copy of it, or move it away',
    retryable: false,
  })
