import { describe, expect, test } from 'vitest'
import type { Plan } from '../../src/model/plan.ts'
import { PLAIN } from '../../src/render/paint.ts'
import { renderPlan } from '../../src/render/plan-terminal.ts'

const look = { sources: new Map<string, string>(), paint: PLAIN, width: 100 }

const plan: Plan = {
  formatVersion: 1,
  musterVersion: '0.1.0',
  plannedAt: '2026-11-23T10:00:00.000Z',
  target: {
    environment: 'live',
    workspace: 'acme',
    moengageWorkspace: 'ACME01',
    moengageDataCenter: '01',
    customerioRegion: 'eu',
  },
  only: [],
  specsDigest: 'sha256:aa',
  storeHead: 3,
  changes: [],
  drift: [],
  refusals: [],
  effects: [],
  cost: { cohortCalls: 0, segmentCalls: 0, minutes: 0 },
  digest: 'sha256:bb',
}

const rendered = (change: Partial<Plan>): string => renderPlan({ ...plan, ...change }, look)

describe('a plan on a terminal', () => {
  test('nothing to do', () => {
    expect(rendered({})).toBe(`acme · live  Customer.io eu → MoEngage ACME01 (data center 01)

No changes. Every declared object is recorded, and MoEngage lists each one it should.
Digest sha256:bb
`)
  })

  test('creates, updates and retirements, by audience; what is recorded says since when', () => {
    expect(
      rendered({
        changes: [
          {
            address: 'cohort.vip',
            kind: 'cohort',
            audience: 'vip',
            action: 'create',
            reason: 'declared, not recorded yet',
            attributes: [
              { attribute: 'name', after: 'ORC__Vip__365d', belief: 'read' },
              { attribute: 'cohort_id', after: 'acme-vip-g1', belief: 'read' },
            ],
          },
          {
            address: 'binding.winback',
            kind: 'binding',
            audience: 'winback',
            action: 'update',
            reason: 'differs from its file',
            attributes: [
              {
                attribute: 'stage',
                before: 'canary 20%',
                after: 'live',
                belief: 'recorded',
                recordedAt: '2026-11-20T10:00:00.000Z',
              },
              {
                attribute: 'approvers',
                after: ['@acme/a', '@acme/b'],
                belief: 'recorded',
                recordedAt: '2026-11-23T09:30:00.000Z',
              },
            ],
          },
          {
            address: 'sendable.winback',
            kind: 'sendable',
            audience: 'winback',
            action: 'update',
            reason: 'differs from its file',
            attributes: [{ attribute: 'exclude', before: [], after: ['cohort.vip'], belief: 'read' }],
          },
          {
            address: 'cohort.old',
            kind: 'cohort',
            audience: 'old',
            action: 'retire',
            reason: 'its file is gone',
            attributes: [{ attribute: 'name', before: 'ACT__Old__1d', belief: 'recorded' }],
          },
        ],
        effects: [{ audience: 'old', effect: 'remove-all', recordedMembers: 12_345 }],
        cost: { cohortCalls: 6, segmentCalls: 2, minutes: 1 },
      }),
    ).toBe(`acme · live  Customer.io eu → MoEngage ACME01 (data center 01)

old
  - cohort.old  its file is gone; removes 12,345 recorded members

vip
  + cohort.vip  "ORC__Vip__365d", born with its first member

winback
  ~ binding.winback   differs from its file
      stage      canary 20% → live  (recorded, 3 d)
      approvers  (none) → @acme/a, @acme/b  (recorded, 30 min)
  ~ sendable.winback  differs from its file
      exclude  (none) → cohort.vip

Plan: 1 to create, 2 to update, 1 to retire.
Cost: 6 cohort calls, 2 segment calls.
Members: 12,345 recorded as accepted. MoEngage cannot list a cohort's members, so they are never read.
Digest sha256:bb
`)
  })

  test('drift is shown, and is not called "no changes"', () => {
    expect(
      rendered({
        drift: [
          {
            address: 'cohort.vip',
            attribute: 'listed',
            detail: 'MoEngage no longer shows it: archived, or gone.',
          },
        ],
      }),
    ).toBe(`acme · live  Customer.io eu → MoEngage ACME01 (data center 01)

Drift: MoEngage differs from what was recorded
  cohort.vip  MoEngage no longer shows it: archived, or gone.

Nothing to apply, but MoEngage has drifted: see above.
Digest sha256:bb
`)
  })

  test('a refusal says why, and how to go on', () => {
    expect(
      rendered({
        refusals: [
          {
            code: 'guard/rename',
            severity: 'error',
            summary: 'A cohort cannot be renamed',
            detail: 'cohort.vip: MoEngage knows it as "A" and can neither rename it nor free the name.',
            hint: 'set name back to "A", or declare a new audience with a new id',
          },
        ],
      }),
    ).toBe(`acme · live  Customer.io eu → MoEngage ACME01 (data center 01)

error: A cohort cannot be renamed [guard/rename]
  cohort.vip: MoEngage knows it as "A" and can neither rename it nor free the name.
  hint: set name back to "A", or declare a new audience with a new id

Refused for 1 reason: nothing can be applied.
Digest sha256:bb
`)
  })
})
