import { describe, expect, test } from 'vitest'
import type { Address } from '../../src/model/plan.ts'
import { EMPTY_STATE, type RecordedObject, type RecordedState } from '../../src/model/recorded.ts'
import type { StoreReport } from '../../src/model/report.ts'
import { reportStore } from '../../src/plan/store-report.ts'
import type { Overlap } from '../../src/ports.ts'
import { PLAIN } from '../../src/render/paint.ts'
import { renderReportJson } from '../../src/render/report-json.ts'
import { renderReport } from '../../src/render/report-terminal.ts'
import { showLine } from '../../src/render/show-value.ts'
import { aTarget } from '../support/plan.ts'
import {
  APPLIED,
  applied,
  NOW,
  qaTeam,
  testedWorkspace,
  vip,
  winback,
  withObject,
} from '../support/planning.ts'

const clean = applied([vip, winback, qaTeam], {
  workspace: testedWorkspace,
  members: { vip: 12_400, winback: 870, 'qa-team': 2, 'vip@g1': 12_000, 'source.qa-team': 3 },
})
const former = {
  ...clean.objects.get('cohort.vip'),
  address: 'cohort.vip@g1',
  audience: 'vip@g1',
} as RecordedObject

const recorded: RecordedState = {
  ...withObject(clean, 'cohort.winback', 'gone'),
  synced: new Map([['vip', APPLIED]]),
  asserted: new Map([
    ['vip', { completedAt: APPLIED, reason: 'interval' }],
    ['winback', { completedAt: APPLIED, startedAt: NOW, reason: 'asked' }],
  ]),
  evidence: new Map([
    [
      'qa-team',
      {
        audience: 'qa-team',
        at: APPLIED,
        runId: 'r1',
        source: 'manual segment "QA team"',
        identifier: 'id',
        testers: 3,
        accepted: 2,
        resolved: 3,
      },
    ],
  ]),
  allowances: new Map([
    [
      'vip:max-removal',
      { audience: 'vip', guard: 'max-removal', reason: 'cleaned\u001b[2J', at: APPLIED, runId: 'r1' },
    ],
  ]),
  objects: new Map([
    ...withObject(clean, 'cohort.winback', 'gone').objects,
    ['cohort.vip@g1' as Address, former],
  ]),
}

const overlaps: readonly Overlap[] = [
  { audiences: ['qa-team', 'vip'], people: 2 },
  { audiences: ['qa-team', 'source.qa-team'], people: 2 },
  { audiences: ['vip', 'vip@g1'], people: 12_000 },
  { audiences: ['vip', 'winback'], people: 120 },
  { audiences: ['qa-team', 'winback'], people: 3 },
]

const report: StoreReport = reportStore({ target: aTarget, now: NOW, recorded, overlaps })

describe('what the store knows', () => {
  test('each audience in a line, what was let pass, and whom two of them share', () => {
    expect(renderReport(report, PLAIN)).toBe(
      `acme · live  Customer.io eu → MoEngage ACME01 (data center 01)

audience  members  last synced       all sent again             QA run
qa-team         2  never to its end  never                      2026-11-20: 2 of 3 testers accepted, 3 known
vip        12,400  3 d ago           3 d ago                    -
vip@g1     12,000  never to its end  never                      -
winback       870  never to its end  under way, begun just now  -

Guards that a person let pass since the last apply
  max-removal of vip, 3 d ago: cleaned${showLine('\u001b')}[2J

People in two audiences at once
  qa-team and winback    3  100% of qa-team
  qa-team and vip        2  100% of qa-team
  vip and winback      120  13.8% of winback

Members are those that MoEngage accepted; it cannot list who is in a cohort.
`,
    )
  })

  test('for programs: what is not known is null, and no run and no person has a place in it', () => {
    const { audiences, shared } = JSON.parse(renderReportJson(report)) as Record<string, unknown[]>
    expect(audiences?.slice(0, 2)).toEqual([
      {
        id: 'qa-team',
        cohort: 'QA__Team__365d',
        members: 2,
        synced_at: null,
        sent_again: null,
        evidence: {
          at: APPLIED,
          source: 'manual segment "QA team"',
          identifier: 'id',
          testers: 3,
          accepted: 2,
          resolved: 3,
          signed_off: null,
        },
        allowances: [],
      },
      {
        id: 'vip',
        cohort: 'ORC__Vip__365d',
        members: 12_400,
        synced_at: APPLIED,
        sent_again: { completed_at: APPLIED, started_at: null, reason: 'interval' },
        evidence: null,
        allowances: [{ guard: 'max-removal', reason: 'cleaned\u001b[2J', at: APPLIED }],
      },
    ])
    expect(audiences?.at(-1)).toMatchObject({ id: 'winback', cohort: null })
    expect(shared?.at(-1)).toEqual({
      audiences: ['vip', 'winback'],
      people: 120,
      smaller: 'winback',
      share_of_smaller: 0.1379,
    })
  })

  test('of nothing is said to be nothing; of one audience, that nobody is shared', () => {
    const made = (state: RecordedState): string =>
      renderReport(reportStore({ target: aTarget, now: NOW, recorded: state, overlaps: [] }), PLAIN)
    expect(made(EMPTY_STATE)).toContain('\n\nNothing is recorded yet.\n')
    expect(made(applied([vip]))).toContain('No two audiences share anybody.')
  })

  test('names the first of two of one size, and divides by nobody', () => {
    const { shared } = reportStore({
      target: aTarget,
      now: NOW,
      recorded: applied([vip, winback]),
      overlaps: [{ audiences: ['vip', 'winback'], people: 1 }],
    })
    expect(shared).toEqual([{ audiences: ['vip', 'winback'], people: 1, smaller: 'vip', shareOfSmaller: 1 }])
  })
})
