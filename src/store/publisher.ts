import type { RecordedState } from '../model/recorded.ts'
import { publishSnapshot, type StorePlace } from './snapshot.ts'
import { createTurns } from './turns.ts'

/** What publishing may cost each commit. A state of a megabyte is published after every 16th or so. */
const BYTES_PER_COMMIT = 64 * 1024

/** Publishes the state of a held store for readers. */
export interface Publisher {
  publish(): Promise<void>
  /**
   * Publishes, unless the last time was too short ago for what it cost: the longer the state, the more commits one
   * snapshot waits for. A short one is published after each.
   */
  publishWhenDue(): Promise<void>
}

/** `readState` is asked once for each snapshot. */
export const createPublisher = (place: StorePlace, readState: () => Promise<RecordedState>): Publisher => {
  const inTurn = createTurns()
  let commitsToWait = 0
  const publish = (): Promise<void> =>
    inTurn(async () => {
      const bytes = await publishSnapshot(place, await readState())
      commitsToWait = Math.floor(bytes / BYTES_PER_COMMIT)
    })
  return {
    publish,
    publishWhenDue: async () => {
      if (commitsToWait === 0) return publish()
      commitsToWait -= 1
    },
  }
}
