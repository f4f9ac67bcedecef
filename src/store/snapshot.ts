import { randomUUID } from 'node:crypto'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { FailureError } from '../model/failure.ts'
import type { Address } from '../model/plan.ts'
import type { RecordedObject, RecordedState, Tombstone } from '../model/recorded.ts'

const FORMAT_VERSION = 1

interface WrittenSnapshot {
  readonly format_version: number
  readonly head: number
  readonly objects: readonly RecordedObject[]
  readonly tombstones: readonly Tombstone[]
  readonly members: Readonly<Record<string, number>>
  readonly synced: Readonly<Record<string, string>>
}

/** Publishes the small state as one file, swapped in whole: a reader sees the state before or after, never half. */
export const publishSnapshot = async (path: string, state: RecordedState): Promise<void> => {
  const written: WrittenSnapshot = {
    format_version: FORMAT_VERSION,
    head: state.head,
    objects: [...state.objects.values()],
    tombstones: [...state.tombstones.values()],
    members: Object.fromEntries(state.members),
    synced: Object.fromEntries(state.synced),
  }
  const temporary = `${path}.${randomUUID()}`
  try {
    await writeFile(temporary, `${JSON.stringify(written, null, 2)}\n`, { mode: 0o600 })
    await rename(temporary, path)
  } finally {
    await rm(temporary, { force: true })
  }
}

/** Reads what the process that holds the store has last published. */
export const readSnapshot = async (path: string): Promise<RecordedState> => {
  const written = await parseSnapshot(path)
  return {
    head: written.head,
    objects: new Map(written.objects.map(object => [object.address satisfies Address, object])),
    tombstones: new Map(written.tombstones.map(tombstone => [tombstone.name, tombstone])),
    members: new Map(Object.entries(written.members)),
    synced: new Map(Object.entries(written.synced)),
  }
}

const parseSnapshot = async (path: string): Promise<WrittenSnapshot> => {
  try {
    const written = JSON.parse(await readFile(path, 'utf8')) as WrittenSnapshot
    if (written.format_version === FORMAT_VERSION) return written
  } catch {
    // Missing and damaged end the same way: there is nothing to answer from until the store is free.
  }
  throw new FailureError({
    origin: 'store',
    code: 'store/busy',
    detail: 'The store is in use by another process, which has not published its state yet.',
    hint: 'wait for the other muster to finish, then run the same command again',
    retryable: true,
  })
}
