import { describe, expect, test } from 'vitest'
import type { Plan } from '../../src/model/plan.ts'
import { ANSI, PLAIN } from '../../src/render/paint.ts'
import { renderPlan } from '../../src/render/plan-terminal.ts'
import { aChange, aDrift, anAttribute, aPlan, THREE_DAYS_BEFORE } from '../support/plan.ts'

const look = { sources: new Map<string, string>(), paint: PLAIN, width: 100 }

const rendered = (change: Partial<Plan>): string => renderPlan(aPlan(change), look)

const TARGET = 'acme · live  Customer.io eu → MoEngage ACME01 (data center 01)'

describe('a plan on a terminal', () => {
  test('nothing to do, and everything known', () => {
    expect(
      rendered({
        beliefs: { read: 41, recorded: 23, unknown: 0, oldestRecordedAt: '2026-11-11T10:00:00.000Z' },
      }),
    ).toBe(`${TARGET}

No changes. Every declared object is recorded, and MoEngage lists each one it should.
Beliefs: 41 values read, 23 recorded (oldest 12 d), 0 unknown.
Digest sha256:bb
`)
  })

  test('creates, updates and retirements, by audience; what is recorded says since when', () => {
    expect(
      rendered({
        changes: [
          aChange({
            address: 'cohort.vip',
            action: 'create',
            reason: 'declared, not recorded yet',
            attributes: [
              anAttribute('name', { after: 'ORC__Vip__365d' }),
              anAttribute('cohort_id', { after: 'acme-vip-g1' }),
            ],
          }),
          aChange({
            address: 'binding.winback',
            action: 'update',
            attributes: [
              anAttribute('stage', {
                before: 'canary 20%',
                after: 'live',
                belief: 'recorded',
                recordedAt: THREE_DAYS_BEFORE,
              }),
              anAttribute('approvers', {
                after: ['@acme/a', '@acme/b'],
                belief: 'recorded',
                recordedAt: '2026-11-23T09:30:00.000Z',
              }),
              anAttribute('channels', {
                before: ['moengage push', 'moengage sms', 'customerio email'],
                after: ['moengage push', 'moengage in_app', 'customerio email'],
                belief: 'recorded',
              }),
            ],
          }),
          aChange({
            address: 'sendable.winback',
            action: 'update',
            attributes: [anAttribute('exclude', { before: [], after: ['cohort.vip'] })],
          }),
          aChange({
            address: 'cohort.old',
            action: 'retire',
            reason: 'its file is gone',
            attributes: [anAttribute('name', { before: 'ACT__Old__1d', belief: 'recorded' })],
          }),
        ],
        effects: [{ audience: 'old', effect: 'remove-all', recordedMembers: 12_345 }],
        cost: { cohortCalls: 6, segmentCalls: 2, sourceCalls: 0, minutes: 1, minutesAtVendorLimits: 1 },
      }),
    ).toBe(`${TARGET}

old
  - cohort.old  its file is gone; removes 12,345 recorded members

vip
  + cohort.vip  "ORC__Vip__365d", born with its first member

winback
  ~ binding.winback   differs from its file
      stage      canary 20% → live  (recorded, 3 d)
      approvers  (none) → @acme/a, @acme/b  (recorded, 30 min)
      channels   [-moengage sms-] {+moengage in_app+}, 2 kept  (recorded)
  ~ sendable.winback  differs from its file
      exclude  (empty) → cohort.vip

Plan: 1 to create, 2 to update, 1 to retire.
Cost: 6 cohort calls, 2 segment calls.
Members: 12,345 recorded as accepted, 12,345 to be removed. MoEngage cannot list a cohort's members, so they are never read.
Digest sha256:bb
`)
  })

  test('a renamed cohort is a new one, and its former self stands beside it', () => {
    expect(
      rendered({
        changes: [
          aChange({
            address: 'cohort.vip',
            action: 'rename',
            attributes: [
              anAttribute('name', { before: 'ORC__Vip__1d', after: 'ORC__Vip__365d' }),
              anAttribute('cohort_id', {
                before: 'acme-vip-g1',
                after: 'acme-vip-g2',
                belief: 'recorded',
                recordedAt: THREE_DAYS_BEFORE,
              }),
            ],
            calls: [{ operation: 'add members', calls: 1, members: 1_858 }],
          }),
          aChange({
            address: 'sendable.vip',
            action: 'rename',
            attributes: [
              anAttribute('name', { before: 'ORC__Vip__1d__Sendable', after: 'ORC__Vip__365d__Sendable' }),
            ],
            calls: [{ operation: 'update sendable segment', calls: 1 }],
          }),
          aChange({
            address: 'cohort.vip@g1',
            action: 'retire',
            reason: 'left behind by the rename',
            calls: [
              { operation: 'remove members', calls: 1, members: 1_858 },
              { operation: 'archive segment', calls: 1 },
            ],
          }),
        ],
        effects: [
          { audience: 'vip', effect: 'carry-over', recordedMembers: 1_858 },
          { audience: 'vip@g1', effect: 'remove-all', recordedMembers: 1_858 },
        ],
        cost: { cohortCalls: 700, segmentCalls: 2, sourceCalls: 1, minutes: 3, minutesAtVendorLimits: 2 },
      }),
    ).toBe(`${TARGET}

vip
  » cohort.vip     a new cohort: 1,858 recorded members are sent to it first, then the old one is drained; MoEngage cannot rename a cohort and never frees a name
      name       ORC__Vip__1d → ORC__Vip__365d
      cohort_id  acme-vip-g1 → acme-vip-g2  (recorded, 3 d)
  » sendable.vip   MoEngage can rename a segment of this kind: it stays the same one
      name  ORC__Vip__1d__Sendable → ORC__Vip__365d__Sendable
  - cohort.vip@g1  left behind by the rename; removes 1,858 recorded members

Plan: 2 to rename, 1 to retire.
Cost: 700 cohort calls, 2 segment calls, 1 source call; about 3 minutes at the configured rates, 2 at the vendors' limits.
Members: 1,858 recorded as accepted, 1,858 to be carried over. MoEngage cannot list a cohort's members, so they are never read.
Digest sha256:bb
`)
  })

  test('drift is shown with both sides, hints apart, and is not called "no changes"', () => {
    expect(
      rendered({
        drift: [
          aDrift({ recordedAt: THREE_DAYS_BEFORE }),
          aDrift({
            address: 'sendable.vip',
            attribute: 'exclude',
            detail: '"exclude" was changed in MoEngage.',
            recorded: ['cohort.qa'],
            observed: [],
            recordedAt: THREE_DAYS_BEFORE,
          }),
          aDrift({ address: 'binding.vip', grade: 'estimated', detail: 'Segment 14 may have been edited.' }),
        ],
      }),
    ).toBe(`${TARGET}

Drift: what was read differs from what was recorded
  cohort.vip    MoEngage no longer shows it: archived, or gone. (recorded 3 d)
  sendable.vip  "exclude" was changed in MoEngage. (recorded: cohort.qa, 3 d; shown: (empty))

Hints of drift, which may mislead
  binding.vip  Segment 14 may have been edited.

Nothing to apply, but there is drift: see above.
Digest sha256:bb
`)
  })

  test('what could not be read is named, and the change that rests on it', () => {
    expect(
      rendered({
        reads: {
          customerioSegments: { kind: 'read', count: 4 },
          moengageSegments: { kind: 'failed', code: 'provider/unavailable' },
          moengageSendables: { kind: 'not-tried' },
        },
        beliefs: {
          read: 4,
          recorded: 0,
          unknown: 2,
          oldestUnknownAt: THREE_DAYS_BEFORE,
        },
        changes: [
          aChange({
            address: 'sendable.vip',
            action: 'update',
            belief: 'unknown',
            attributes: [
              anAttribute('exclude', {
                before: ['cohort.a'],
                after: ['cohort.a', 'cohort.b'],
                belief: 'unknown',
                recordedAt: THREE_DAYS_BEFORE,
              }),
              anAttribute('include', { after: 'cohort.vip', belief: 'unknown' }),
            ],
          }),
        ],
      }),
    ).toBe(`${TARGET}

vip
  ~ sendable.vip  differs from its file
      exclude  {+cohort.b+}, 1 kept  (not verified, recorded 3 d)
      include  (unknown) → cohort.vip  (not verified)

Not read this time
  sendable.vip  rests on a value that was not read

Plan: 1 to update.
Cost: no call that writes.
Beliefs: 4 values read, 0 recorded, 2 unknown (oldest 3 d).
Digest sha256:bb
`)
  })

  test('made offline: first what is not known', () => {
    expect(
      rendered({
        isOffline: true,
        only: ['vip'],
        reads: {
          customerioSegments: { kind: 'not-tried' },
          moengageSegments: { kind: 'not-tried' },
          moengageSendables: { kind: 'not-tried' },
        },
        beliefs: { read: 0, recorded: 0, unknown: 31 },
        changes: [
          aChange({ address: 'cohort.vip', action: 'none', reason: 'as declared', belief: 'unknown' }),
        ],
      }),
    ).toBe(`${TARGET}

Made offline, without keys and without a store. Not known: what is applied now, what Customer.io and MoEngage show, whether names are free, and how many people are concerned. Apply refuses this plan.

Limited to vip.

No changes known, 31 values unverified.
Beliefs: 0 values read, 0 recorded, 31 unknown.
Digest sha256:bb
`)
  })

  test('a refusal says why and how to go on; an override and a warning stand before it', () => {
    expect(
      rendered({
        overrides: [
          {
            guard: 'mass-retirement',
            by: 'Ada',
            because: 'the season is over',
            until: '2026-12-01',
          },
          { guard: 'case-twin', audience: 'vip', by: 'Ada', because: 'ours, too', until: '2026-12-01' },
        ],
        warnings: [
          {
            code: 'guard/override-expired',
            severity: 'warning',
            summary: 'An override has expired',
            detail: 'segment-limit counted until 2026-11-01.',
          },
        ],
        refusals: [
          {
            code: 'guard/takeover',
            severity: 'error',
            summary: 'The name belongs to a segment that muster did not create',
            detail: 'cohort.vip: MoEngage already has a segment "A\u001b[2J\nB".',
            hint: 'choose another name, or add "adopt: true"',
          },
        ],
      }),
    ).toBe(`${TARGET}

Guards that a person lets pass
  mass-retirement for the whole workspace, by Ada until 2026-12-01: the season is over
  case-twin for vip, by Ada until 2026-12-01: ours, too

warning: An override has expired [guard/override-expired]
  segment-limit counted until 2026-11-01.

error: The name belongs to a segment that muster did not create [guard/takeover]
  cohort.vip: MoEngage already has a segment "A�[2J⏎B".
  hint: choose another name, or add "adopt: true"

Refused for 1 reason: nothing can be applied.
Digest sha256:bb
`)
  })

  test('inside a long text only the words that changed are marked', () => {
    const before =
      'Added to cart, no order, not in the cart flow; idle for 90 minutes. Leaves with the first order, whatever its value and wherever it was placed.'
    const after = before.replace('90 minutes', '2 hours').replace(/\.$/, '!')
    expect(
      rendered({
        changes: [
          aChange({
            address: 'binding.vip',
            action: 'update',
            attributes: [anAttribute('description', { before, after })],
          }),
        ],
      }),
    ).toContain(
      '      description  Added to cart, no order, not in the cart flow; idle for [-90-]{+2+} [-minutes-]{+hours+}. Leaves with the first … and wherever it was placed[-.-]{+!+}\n',
    )
  })
})

describe('colour', () => {
  const plan = aPlan({
    changes: [
      aChange({
        address: 'binding.vip',
        action: 'update',
        attributes: [
          anAttribute('exclude', { before: ['a', 'b'], after: ['b', 'c'], belief: 'recorded' }),
          anAttribute('description', { before: `${'x '.repeat(40)}one`, after: `${'x '.repeat(40)}two` }),
        ],
      }),
    ],
    drift: [aDrift()],
  })

  test('changes nothing but the colour', () => {
    const colored = renderPlan(plan, { ...look, paint: ANSI })
    expect(colored).toContain('\u001b[31m[-a-]\u001b[39m \u001b[32m{+c+}\u001b[39m, 1 kept')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters.
    expect(colored.replaceAll(/\u001b\[\d+m/g, '')).toBe(renderPlan(plan, look))
  })
})
