import type { Drift, Plan, PlanTarget } from '../../src/model/plan.ts'
import { type AttributeChange, type Change, OBJECT_KINDS } from '../../src/model/plan.ts'

export const PLANNED_AT = '2026-11-23T10:00:00.000Z'
export const THREE_DAYS_BEFORE = '2026-11-20T10:00:00.000Z'

export const aTarget: PlanTarget = {
  environment: 'live',
  workspace: 'acme',
  moengageWorkspace: 'ACME01',
  moengageDataCenter: '01',
  customerioRegion: 'eu',
}

/** A plan in which everything was read and nothing is to be done, with what a test wants different. */
export const aPlan = (change: Partial<Plan> = {}): Plan => ({
  formatVersion: 1,
  musterVersion: '0.1.0',
  plannedAt: PLANNED_AT,
  expiresAt: '2026-11-30T10:00:00.000Z',
  target: aTarget,
  isOffline: false,
  only: [],
  specsDigest: 'sha256:aa',
  storeId: 'store-1',
  storeHead: 3,
  reads: {
    customerioSegments: { kind: 'read', count: 4 },
    moengageSegments: { kind: 'read', count: 9 },
    moengageSendables: { kind: 'read', count: 2 },
  },
  observedDigest: 'sha256:cc',
  beliefs: { read: 0, recorded: 0, unknown: 0 },
  changes: [],
  drift: [],
  refusals: [],
  warnings: [],
  overrides: [],
  evidence: [],
  allowances: [],
  advice: [],
  effects: [],
  cost: { cohortCalls: 0, segmentCalls: 0, sourceCalls: 0, minutes: 0, minutesAtVendorLimits: 0 },
  digest: 'sha256:bb',
  ...change,
})

/** A change of the object at an address; its kind and audience follow from that. */
export const aChange = (change: Pick<Change, 'address' | 'action'> & Partial<Change>): Change => {
  const [kind, audience = ''] = change.address.split('.')
  return {
    kind: OBJECT_KINDS.find(each => each === kind) ?? 'cohort',
    audience,
    reason: 'differs from its file',
    attributes: [],
    belief: 'read',
    calls: [],
    ...change,
  }
}

/** An attribute that its file changed, and whose value before was read. */
export const anAttribute = (
  attribute: string,
  change: Partial<Omit<AttributeChange, 'attribute'>>,
): AttributeChange => ({ attribute, belief: 'read', origin: 'file', ...change })

/** A finding about `cohort.vip` that was read and compared. */
export const aDrift = (change: Partial<Drift> = {}): Drift => ({
  address: 'cohort.vip',
  attribute: 'listed',
  detail: 'MoEngage no longer shows it: archived, or gone.',
  grade: 'checked',
  ...change,
})
