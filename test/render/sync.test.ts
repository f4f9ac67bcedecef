import { describe, expect, test } from 'vitest'
import type { SyncResult } from '../../src/model/membership.ts'
import type { SyncReport } from '../../src/model/outcome.ts'
import { PLAIN } from '../../src/render/paint.ts'
import { renderSyncJson } from '../../src/render/sync-json.ts'
import { renderSync } from '../../src/render/sync-terminal.ts'

const aResult = (change: Partial<SyncResult> = {}): SyncResult => ({
  id: 'vip',
  read: 40,
  wanted: 40,
  added: 0,
  removed: 0,
  held: 0,
  skipped: 0,
  refused: [],
  accepted: 40,
  calls: 0,
  ...change,
})

const aReport = (change: Partial<SyncResult>, more: Partial<SyncReport> = {}): SyncReport => ({
  result: aResult(change),
  findings: [],
  ...more,
})

const look = { paint: PLAIN, width: 100, sources: new Map<string, string>() }

describe('the row of an audience', () => {
  test('begins with what scripts rely on; the rest is there when it says something', () => {
    const row = renderSyncJson([
      aReport({
        held: 5,
        heldBy: { sticky: 3, refused: 2 },
        keptOut: { stage: 7 },
        again: 30,
        againReason: 'interval',
        rejected: 2,
        timings: { readMs: 10, diffMs: 20, pushMs: 30 },
      }),
    ])
    expect(row).toBe(
      '{"id":"vip","read":40,"wanted":40,"added":0,"removed":0,"held":5,"skipped":0,"refused":[],"accepted":40,"calls":0,' +
        '"held_by":{"sticky":3,"refused":2},"kept_out":{"stage":7},"again":30,"again_reason":"interval","rejected":2,' +
        '"timings":{"read_ms":10,"diff_ms":20,"push_ms":30}}\n',
    )
    expect(Object.keys(JSON.parse(renderSyncJson([aReport({})])))).toEqual([
      'id',
      'read',
      'wanted',
      'added',
      'removed',
      'held',
      'skipped',
      'refused',
      'accepted',
      'calls',
    ])
  })
})

describe('the table', () => {
  test('says why members were sent again, and what concerns everybody first', () => {
    const text = renderSync(
      {
        reports: [
          aReport({ again: 1_200, againReason: 'interval', calls: 1 }),
          aReport({
            id: 'winback',
            held: 5,
            heldBy: { sticky: 3, unsettled: 2 },
            keptOut: { 'no-reentry': 1 },
          }),
        ],
        findings: [
          {
            code: 'sync/list-not-read',
            severity: 'warning',
            summary: 'Cohorts could not be looked for',
            detail: 'The list could not be read.',
          },
        ],
      },
      look,
    )
    expect(text.split('\n')).toEqual([
      'audience  read  wanted  added  removed  held  skipped  accepted  calls',
      'vip         40      40      0        0     0        0        40      1  1,200 sent again (it was time)',
      'winback     40      40      0        0     5        0        40      0  held: 3 sticky, 2 unsettled; kept out: 1 no-reentry',
      '',
      'warning: Cohorts could not be looked for [sync/list-not-read]',
      '  The list could not be read.',
      '',
      'Sent 1 call: 0 added, 0 removed, 1,200 sent again. MoEngage accepted each; it does not say which identifiers it knows.',
      '',
    ])
  })
})
