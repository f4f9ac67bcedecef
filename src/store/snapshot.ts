import { readFile } from 'node:fs/promises'
import { fail } from '../model/failure.ts'
import type {
  Assertion,
  Lock,
  QaEvidence,
  RecordedAllowance,
  RecordedObject,
  RecordedState,
  Tombstone,
} from '../model/recorded.ts'
import { refuseOtherTarget } from './other-target.ts'
import { replaceFile } from './replace-file.ts'

const FORMAT_VERSION = 3

interface WrittenSnapshot {
  readonly format_version: number
  readonly target: string
  readonly store_id?: string
  readonly head: number
  readonly lock?: Lock
  readonly objects: readonly RecordedObject[]
  readonly tombstones: readonly Tombstone[]
  readonly members: Readonly<Record<string, number>>
  readonly synced: Readonly<Record<string, string>>
  readonly asserted: Readonly<Record<string, Assertion>>
  readonly evidence: readonly QaEvidence[]
  readonly allowances: readonly RecordedAllowance[]
}

/** Where the small state of a store is published for readers while the store itself is held. */
const snapshotPath = (storePath: string): string => `${storePath}.state.json`

/** Which store, and which accounts it belongs to, in words. */
export interface StorePlace {
  readonly path: string
  readonly target: string
}

/**
 * Publishes the small state as one file, swapped in whole: a reader sees the state before or after, never half.
 * Answers how long the file is.
 */
export const publishSnapshot = async (
  { path, target }: StorePlace,
  state: RecordedState,
): Promise<number> => {
  const written: WrittenSnapshot = {
    format_version: FORMAT_VERSION,
    target,
    ...(state.storeId === undefined ? {} : { store_id: state.storeId }),
    head: state.head,
    ...(state.lock ? { lock: state.lock } : {}),
    objects: [...state.objects.values()],
    tombstones: [...state.tombstones.values()],
    members: Object.fromEntries(state.members),
    synced: Object.fromEntries(state.synced),
    asserted: Object.fromEntries(state.asserted),
    evidence: [...state.evidence.values()],
    allowances: [...state.allowances.values()],
  }
  const text = `${JSON.stringify(written, null, 2)}\n`
  await replaceFile(snapshotPath(path), text)
  return Buffer.byteLength(text)
}

/** Reads what the process that holds the store has last published. */
export const readSnapshot = async ({ path, target }: StorePlace): Promise<RecordedState> => {
  const written = (await parseSnapshot(path)) ?? refuseUnpublished()
  refuseOtherTarget(path, written.target, target)
  return {
    ...(written.store_id === undefined ? {} : { storeId: written.store_id }),
    head: written.head,
    objects: new Map(written.objects.map(object => [object.address, object])),
    tombstones: new Map(written.tombstones.map(tombstone => [tombstone.name, tombstone])),
    members: new Map(Object.entries(written.members)),
    synced: new Map(Object.entries(written.synced)),
    asserted: new Map(Object.entries(written.asserted)),
    evidence: new Map(written.evidence.map(evidence => [evidence.audience, evidence])),
    allowances: new Map(
      written.allowances.map(allowance => [`${allowance.audience}:${allowance.guard}`, allowance]),
    ),
    ...(written.lock ? { lock: written.lock } : {}),
  }
}

/** Who holds the store, as far as it was published. */
export const readPublishedLock = async (path: string): Promise<Lock | undefined> =>
  (await parseSnapshot(path))?.lock

/** Undefined when it is missing, damaged or of another version: they end the same way. */
const parseSnapshot = async (path: string): Promise<WrittenSnapshot | undefined> => {
  try {
    const written = JSON.parse(await readFile(snapshotPath(path), 'utf8')) as WrittenSnapshot
    return written.format_version === FORMAT_VERSION ? written : undefined
  } catch {
    return undefined
  }
}

const refuseUnpublished = (): never =>
  fail({
    origin: 'store',
    code: 'store/busy',
    detail: 'The store is in use by another process, which has not published its state yet.',
    hint: 'wait for the other muster to finish, then run the same command again',
    retryable: true,
  })
