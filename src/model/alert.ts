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

/** Who can be told. */
export type AlerterName = 'webhook' | 'github-issue'

/** Trouble that the store remembers, in the words in which it was first told. */
export interface RecordedAlert extends AlertFinding {
  readonly since: Instant
  /** Who has heard that it began, and not that it is over. In the order of their names. */
  readonly toldTo?: readonly AlerterName[]
  /** When it was found to be over. Kept until all of them were told. */
  readonly overAt?: Instant
}

/** What a look brought. Begun and over: what whoever is told has not heard yet, of earlier looks too. */
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
