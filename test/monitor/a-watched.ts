import type { SyncCount } from '../../src/model/history.ts'
import type { Watched } from '../../src/monitor/watched.ts'
import { anAudience, aWorkspace } from '../support/audience.ts'

export const NOW = '2026-11-25T10:00:00.000Z'
const HOUR_MS = 3_600_000

/** So many hours before now. */
export const hoursAgo = (hours: number): string => new Date(Date.parse(NOW) - hours * HOUR_MS).toISOString()

/** A whole sync of an hour of that time, with what a test wants different. */
export const aCount = (hours: number, facts: Partial<SyncCount> = {}): SyncCount => ({
  audience: 'vip',
  at: hoursAgo(hours),
  runId: `run-${hours}`,
  stage: 'live',
  ended: 'done',
  read: 1_000,
  wanted: 1_000,
  members: 1_000,
  added: 0,
  removed: 0,
  held: 0,
  skipped: 0,
  refused: [],
  ...facts,
})

/** An audience that is synced every six hours, and was just now. */
export const aWatched = (facts: Partial<Watched> = {}): Watched => ({
  audience: anAudience(),
  now: NOW,
  rules: aWorkspace.alerts,
  schedule: aWorkspace.schedule,
  recordedAt: hoursAgo(24 * 10),
  syncedAt: NOW,
  counts: [],
  ...facts,
})
