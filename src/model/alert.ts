import type { AudienceId } from './audience.ts'
import type { Instant } from './time.ts'

/** Something that is wrong now and that somebody should hear of. Holds names and counts, never a person. */
export interface AlertFinding {
  /** Stable, for example `monitor/stale`. With the audience it says whether two findings are the same trouble. */
  readonly code: string
  /** Absent: it concerns all of the environment. */
  readonly audience?: AudienceId
  readonly summary: string
  readonly detail: string
  /** One action. */
  readonly hint: string
}

/** Trouble that the store remembers, in the words in which it was first told. */
export interface RecordedAlert extends AlertFinding {
  readonly since: Instant
  /** When the webhook was told that it began. Absent: not yet. */
  readonly toldAt?: Instant
  /** When it was found to be over. Kept until the webhook was told. */
  readonly overAt?: Instant
}

/** What a look brought. Begun and over are of this look alone. */
export interface AlertNews {
  readonly environment: string
  readonly now: Instant
  /** All that is wrong now, what has begun included. */
  readonly open: readonly RecordedAlert[]
  readonly begun: readonly RecordedAlert[]
  readonly over: readonly RecordedAlert[]
}

/** What an alert is kept under: one for each kind of trouble of each audience. */
export const alertKey = ({ code, audience = '' }: Pick<AlertFinding, 'code' | 'audience'>): string =>
  `${code}:${audience}`
