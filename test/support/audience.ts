import type { Audience } from '../../src/model/audience.ts'
import type { Workspace } from '../../src/model/workspace.ts'

const HOUR_MS = 3_600_000

/** A plain live audience called `vip`, with what a test wants different. */
export const anAudience = (change: Partial<Audience> = {}): Audience => ({
  id: 'vip',
  name: 'ORC__Vip__365d',
  description: 'Customers who spend most.',
  intent: 'orchestration',
  useCase: 'vip',
  owner: { team: 'loyalty', contact: 'loyalty@example.com', approvers: ['@acme/loyalty'] },
  source: { kind: 'segment', segmentId: 11, name: 'VIP customers' },
  identifier: { key: { kind: 'id' }, minCoverage: 0.95 },
  exit: { kind: 'remove' },
  timing: { windowMs: 365 * 24 * HOUR_MS, syncEveryMs: 6 * HOUR_MS },
  channels: { moengage: [], customerio: [] },
  usedBy: [],
  suppressedBy: [],
  rollout: { stage: { kind: 'live' }, holdoutPercent: 0 },
  limits: { maxRemoval: 0.3, maxGrowth: 1, maxMembers: 5_000_000, floor: 100, minMatchRate: 0.5 },
  isProtected: false,
  isSuspended: false,
  policy: new Map(),
  waivers: [],
  ...change,
})

export const aWorkspace: Workspace = {
  name: 'acme',
  partner: 'muster',
  environments: new Map(),
  store: { kind: 'duckdb', path: '.muster/{env}.duckdb' },
  identifier: { key: { kind: 'id' }, minCoverage: 0.95 },
  naming: { activation: 'ACT', suppression: 'SUP', orchestration: 'ORC', qa: 'QA' },
  budget: { synced: 12, warnAbove: 6 },
  suppressedBy: [],
  maxOverlap: 0.2,
  canarySteps: [5, 10, 20, 50],
  limits: { maxRemoval: 0.3, maxGrowth: 1, maxMembers: 5_000_000, floor: 100, minMatchRate: 0.5 },
  rates: { moengagePerMinute: 240, customerioPerSecond: 8 },
  schedule: { lateByMs: 1_800_000 },
  reassert: { everyMs: 604_800_000, callsPerRun: 600 },
  qa: { testers: [], isRequired: false },
  allow: [],
  forget: [],
  teams: new Map(),
  alerts: { githubIssue: false, swing: 0.25, coverageFall: 0.03 },
  policy: new Map(),
  waivers: [],
}
