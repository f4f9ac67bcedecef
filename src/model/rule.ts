import type { AudienceId } from './audience.ts'
import type { Severity } from './diagnostic.ts'

/** How strict rules of the playbook are, by code; `all` is for those that are not named. */
export type RuleSeverities = ReadonlyMap<string, Severity | 'off'>

/** One rule that a person lets be broken for a while. */
export interface Waiver {
  readonly rule: string
  /** Absent: every audience, and the workspace. */
  readonly audience?: AudienceId
  /** A colleague's name. */
  readonly by: string
  readonly because: string
  /** The last day on which it counts, in UTC, for example `2026-12-01`. */
  readonly until: string
}
