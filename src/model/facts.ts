import type { AudienceId } from './audience.ts'
import type { SharedPeople } from './report.ts'

/** What a store remembers, as far as rules ask for it: counts and stages, nobody's identifier. */
export interface Facts {
  /** Members accepted by MoEngage, of audiences that were synced to their end. */
  readonly members: ReadonlyMap<AudienceId, number>
  /** The stage of each audience that was applied, as plans write it: `qa`, `canary 20%`, `live`. */
  readonly stages: ReadonlyMap<AudienceId, string>
  /** Audiences with a recorded QA run. */
  readonly tried: ReadonlySet<AudienceId>
  /** Absent: nobody compared the ledgers. */
  readonly shared?: readonly Omit<SharedPeople, 'smaller'>[]
}
