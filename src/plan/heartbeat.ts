import type { Diagnostic } from '../model/diagnostic.ts'
import type { RecordedObject } from '../model/recorded.ts'
import { DAY_MS, type Instant } from '../model/time.ts'

/**
 * MoEngage archives what nothing ran for 60 days; receiving members is no run, and when something last ran is never
 * shown. Told ten days before it could happen. Source: vendors' fact sheet for MoEngage, sections 2.6 and 9.
 */
export const QUIET_DAYS = 50
const ARCHIVED_AFTER_DAYS = 60

/**
 * A cohort that MoEngage may archive within days, as far as the age of its record goes. Past that day it was archived
 * and is missing from the list, or something runs it: then there is nothing to warn of.
 */
export const warnOfHeartbeat = (cohort: RecordedObject, now: Instant): Diagnostic | undefined => {
  const recordedMs = Date.parse(cohort.recordedAt)
  const ageMs = Date.parse(now) - recordedMs
  if (cohort.kind !== 'cohort' || cohort.status !== 'seen') return undefined
  if (ageMs < QUIET_DAYS * DAY_MS || ageMs >= ARCHIVED_AFTER_DAYS * DAY_MS) return undefined
  const day = new Date(recordedMs + ARCHIVED_AFTER_DAYS * DAY_MS).toISOString().slice(0, 10)
  return {
    code: 'sync/heartbeat',
    severity: 'warning',
    summary: 'MoEngage archives what nothing uses for 60 days',
    // Days that count up would give every plan another digest.
    detail:
      `${cohort.audience}: "${cohort.attributes.name}" is recorded since ${cohort.recordedAt.slice(0, 10)}. ` +
      'Syncing is no use of it, and nobody can read when a campaign or a query last was.',
    hint: `unless one was, use it in a campaign or a query before ${day}; then: muster sync --only ${cohort.audience} --full`,
  }
}
