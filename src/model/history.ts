import type { AudienceId } from './audience.ts'
import type { Instant } from './time.ts'

/** What one sync of one audience counted. People and identifiers as numbers, never by themselves. */
export interface SyncCount {
  readonly audience: AudienceId
  readonly at: Instant
  readonly runId: string
  /** In words, such as `canary 10%`. Sizes of two stages are not compared. */
  readonly stage: string
  /** `stopped`: a guard held something back. `failed`: it did not come to its end. */
  readonly ended: 'done' | 'stopped' | 'failed'
  /** Distinct people read from the source. */
  readonly read: number
  readonly wanted: number
  /** In the ledger afterwards. */
  readonly members: number
  readonly added: number
  readonly removed: number
  readonly held: number
  /** People of the source without an identifier that MoEngage takes. */
  readonly skipped: number
  /** Guards that stopped something. */
  readonly refused: readonly string[]
}
