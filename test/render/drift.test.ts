import { describe, expect, test } from 'vitest'
import type { DriftReport } from '../../src/model/drift.ts'
import { renderDriftJson } from '../../src/render/drift-json.ts'
import { renderDrift } from '../../src/render/drift-terminal.ts'
import { PLAIN } from '../../src/render/paint.ts'
import { aDrift, aTarget, PLANNED_AT, THREE_DAYS_BEFORE } from '../support/plan.ts'

const report: DriftReport = {
  target: aTarget,
  checkedAt: PLANNED_AT,
  checked: { objects: 12, values: 41, findings: [] },
  estimated: [],
  unknown: [],
  unknowable: [],
}
const rendered = (change: Partial<DriftReport>): string =>
  renderDrift({ ...report, ...change }, { paint: PLAIN })
const TARGET = 'acme · live  Customer.io eu → MoEngage ACME01 (data center 01)'

const renamed = aDrift({
  address: 'sendable.vip',
  attribute: 'name',
  detail: '"name" was changed in MoEngage.',
  recorded: 'ORC__Vip__1d__Sendable',
  observed: 'Best customers',
  recordedAt: THREE_DAYS_BEFORE,
})
const edited = aDrift({
  address: 'binding.vip',
  attribute: 'source_edited',
  detail: 'Segment 14 "VIP" may have been edited in Customer.io since it was last applied.',
  grade: 'estimated',
})

describe('drift on a terminal', () => {
  test('three grades and what was not read, each under its own name', () => {
    expect(
      rendered({
        checked: { objects: 12, values: 41, findings: [aDrift(), renamed] },
        estimated: [edited],
        unknown: [
          { address: 'sendable.winback', code: 'provider/unavailable' },
          { address: 'sendable.gold' },
        ],
        unknowable: [
          { audience: 'vip', recordedMembers: 1_858, syncedAt: '2026-11-23T05:00:00.000Z' },
          { audience: 'winback', recordedMembers: 0 },
        ],
      }),
    ).toBe(`${TARGET}

Checked: read and compared with what was recorded (41 values of 12 objects)
  cohort.vip    MoEngage no longer shows it: archived, or gone.
  sendable.vip  "name" was changed in MoEngage. (recorded: ORC__Vip__1d__Sendable, 3 d; shown: Best customers)

Unknown: could not be read this time
  sendable.winback  provider/unavailable
  sendable.gold     not asked for

Estimated: hints, which may mislead
  binding.vip  Segment 14 "VIP" may have been edited in Customer.io since it was last applied.

Unknowable: MoEngage cannot list a cohort's members
  vip      1,858  recorded as accepted, last synced 5 h ago
  winback      0  recorded as accepted, never synced to the end

Drift: 2 differences. 2 objects were not read.
`)
  })

  test('none found, and nobody is called "in sync"', () => {
    expect(
      rendered({ unknowable: [{ audience: 'vip', recordedMembers: 1_858, syncedAt: PLANNED_AT }] }),
    ).toBe(`${TARGET}

Checked: read and compared with what was recorded
  41 values of 12 objects, each as recorded

Unknowable: MoEngage cannot list a cohort's members
  vip  1,858  recorded as accepted, last synced just now

No drift in what can be read.
`)
  })

  test.each<[string, Partial<DriftReport>, string]>([
    ['hints alone', { estimated: [edited] }, 'No drift in what was read, 1 hint of some.'],
    [
      'something was not read',
      { unknown: [{ address: 'cohort.a' }] },
      'No drift in what was read. 1 object was not read.',
    ],
    [
      'one difference',
      { checked: { objects: 1, values: 1, findings: [renamed] }, estimated: [edited] },
      'Drift: 1 difference.',
    ],
  ])('%s', (_what, change, expected) => {
    expect(rendered(change).trimEnd().split('\n').at(-1)).toBe(expected)
  })

  test('nothing could be compared: that is not "as recorded"', () => {
    expect(
      rendered({ checked: { objects: 0, values: 0, findings: [] }, unknown: [{ address: 'cohort.a' }] }),
    ).toContain('Checked: read and compared with what was recorded\n  nothing could be compared\n')
  })
})

test('drift for programs', () => {
  expect(
    JSON.parse(
      renderDriftJson({
        ...report,
        checked: { objects: 1, values: 3, findings: [renamed] },
        estimated: [edited],
        unknown: [
          { address: 'sendable.winback', code: 'provider/unavailable' },
          { address: 'sendable.gold' },
        ],
        unknowable: [
          { audience: 'vip', recordedMembers: 1_858, syncedAt: THREE_DAYS_BEFORE },
          { audience: 'winback', recordedMembers: 0 },
        ],
      }),
    ),
  ).toEqual({
    target: {
      environment: 'live',
      workspace: 'acme',
      moengage_workspace: 'ACME01',
      moengage_data_center: '01',
      customerio_region: 'eu',
    },
    checked_at: PLANNED_AT,
    checked: {
      objects: 1,
      values: 3,
      findings: [
        {
          address: 'sendable.vip',
          attribute: 'name',
          detail: '"name" was changed in MoEngage.',
          grade: 'checked',
          recorded: 'ORC__Vip__1d__Sendable',
          observed: 'Best customers',
          recorded_at: THREE_DAYS_BEFORE,
        },
      ],
    },
    estimated: [
      {
        address: 'binding.vip',
        attribute: 'source_edited',
        detail: 'Segment 14 "VIP" may have been edited in Customer.io since it was last applied.',
        grade: 'estimated',
      },
    ],
    unknown: [{ address: 'sendable.winback', code: 'provider/unavailable' }, { address: 'sendable.gold' }],
    unknowable: [
      { audience: 'vip', recorded_members: 1_858, synced_at: THREE_DAYS_BEFORE },
      { audience: 'winback', recorded_members: 0 },
    ],
  })
})
