import type { Audience } from './audience.ts'
import type { Diagnostic } from './diagnostic.ts'
import type { Plan, PlanTarget } from './plan.ts'
import type { RecordedObject } from './recorded.ts'
import type { AudienceReport } from './report.ts'
import type { Instant } from './time.ts'

/** All that is known of one audience, or of one object of it: who decides, what is believed, what would change. */
export interface Explanation {
  readonly target: PlanTarget
  readonly now: Instant
  /** The audience's id. */
  readonly id: string
  /** Set when one object of it is meant. */
  readonly address?: string
  /** What is declared. Absent: there is no file any more. */
  readonly declared?: Audience
  /** How long after the event somebody may arrive, in words. Absent: there is no file any more. */
  readonly lateness?: string
  /** What the store knows of its members and QA runs. */
  readonly report: AudienceReport
  /** What is recorded, by address. */
  readonly objects: readonly RecordedObject[]
  /** Rules of the house that its file meets. */
  readonly rules: readonly Diagnostic[]
  /** Limited to this audience. Absent: nobody looked at the vendors. */
  readonly plan?: Plan
}
