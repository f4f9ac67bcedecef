import { describe, expect, test } from 'vitest'
import { EMPTY_STATE, type RecordedObject, type RecordedState } from '../../src/model/recorded.ts'
import { renderStateListJson, renderStateShowJson } from '../../src/render/state-json.ts'
import { renderStateList, renderStateShow } from '../../src/render/state-terminal.ts'
import { PLANNED_AT, THREE_DAYS_BEFORE } from '../support/plan.ts'

const cohort: RecordedObject = {
  address: 'cohort.vip',
  kind: 'cohort',
  audience: 'vip',
  attributes: { name: 'ORC__Vip__365d', cohort_id: 'acme-vip-g2' },
  status: 'pending',
  recordedAt: '2026-11-23T09:30:00.000Z',
  origin: 'created',
  carriesFrom: 'vip@g1',
}
const binding: RecordedObject = {
  address: 'binding.vip',
  kind: 'binding',
  audience: 'vip',
  attributes: { source_segment: 14, protected: true, approvers: ['@acme/a', '@acme/b'], channels: [] },
  status: 'seen',
  recordedAt: THREE_DAYS_BEFORE,
  origin: 'created',
  hints: { source_edited: '2026-11-01T00:00:00.000Z' },
}
const source: RecordedObject = {
  address: 'source.qa',
  kind: 'source',
  audience: 'qa',
  attributes: { name: 'QA team' },
  status: 'seen',
  recordedAt: THREE_DAYS_BEFORE,
  origin: 'adopted',
  remoteId: '12',
}
const state: RecordedState = {
  ...EMPTY_STATE,
  storeId: 'store-1',
  head: 7,
  objects: new Map([cohort, source, binding].map(object => [object.address, object])),
  tombstones: new Map([
    [
      'ORC__Vip__1d',
      {
        name: 'ORC__Vip__1d',
        address: 'cohort.vip@g1',
        retiredAt: THREE_DAYS_BEFORE,
        reason: 'renamed',
        cohortId: 'acme-vip-g1',
      },
    ],
  ]),
  members: new Map([
    ['vip@g1', 0],
    ['vip', 1_858],
  ]),
  synced: new Map([['vip', THREE_DAYS_BEFORE]]),
  lock: {
    id: 'lock-1',
    fence: 4,
    owner: 'ci@runner-3',
    command: 'apply',
    runId: 'run-9',
    runUrl: 'https://ci.example.com/runs/9',
    acquiredAt: '2026-11-23T09:55:00.000Z',
    expiresAt: '2026-11-23T10:05:00.000Z',
  },
}

describe('the state on a terminal', () => {
  test('every object, then who holds the store', () => {
    expect(renderStateList(state, PLANNED_AT)).toBe(`address      status   origin   remote id  recorded
binding.vip  seen     created  -          3 d ago
cohort.vip   pending  created  -          30 min ago
source.qa    seen     adopted  12         3 d ago

3 objects, 1 tombstone. Store store-1, head 7.
Held by ci@runner-3 (apply, lock lock-1, fence 4) since 2026-11-23T09:55:00.000Z, 5 min ago; until 2026-11-23T10:05:00.000Z. https://ci.example.com/runs/9
`)
  })

  test.each<[string, RecordedState, string]>([
    ['nobody has written yet', EMPTY_STATE, 'There is no store yet.\n'],
    [
      'all was retired',
      { ...EMPTY_STATE, storeId: 'store-1', head: 9 },
      '0 objects, 0 tombstones. Store store-1, head 9.\n',
    ],
  ])('%s', (_what, empty, expected) => {
    expect(renderStateList(empty, PLANNED_AT)).toBe(expected)
  })

  test('one object', () => {
    expect(renderStateShow(cohort, PLANNED_AT)).toBe(`cohort.vip
  kind          cohort
  audience      vip
  status        pending
  origin        created
  carries from  vip@g1
  recorded      2026-11-23T09:30:00.000Z (30 min ago)

attributes
  name       ORC__Vip__365d
  cohort_id  acme-vip-g2
`)
  })

  test('one with hints, and with an empty list', () => {
    expect(renderStateShow(binding, PLANNED_AT)).toBe(`binding.vip
  kind      binding
  audience  vip
  status    seen
  origin    created
  recorded  2026-11-20T10:00:00.000Z (3 d ago)

attributes
  source_segment  14
  protected       true
  approvers       @acme/a, @acme/b
  channels        (empty)

hints
  source_edited  2026-11-01T00:00:00.000Z
`)
  })
})

describe('the state for programs', () => {
  const vip = {
    address: 'cohort.vip',
    kind: 'cohort',
    audience: 'vip',
    status: 'pending',
    origin: 'created',
    remote_id: null,
    recorded_at: '2026-11-23T09:30:00.000Z',
    carries_from: 'vip@g1',
    attributes: { name: 'ORC__Vip__365d', cohort_id: 'acme-vip-g2' },
    hints: {},
  }

  test('all of it, in order, null where there is nothing', () => {
    const { objects, ...rest } = JSON.parse(renderStateListJson(state))
    expect(objects.map(({ address }: { address: string }) => address)).toEqual([
      'binding.vip',
      'cohort.vip',
      'source.qa',
    ])
    expect(objects[1]).toEqual(vip)
    expect(rest).toEqual({
      store_id: 'store-1',
      head: 7,
      tombstones: [
        {
          name: 'ORC__Vip__1d',
          address: 'cohort.vip@g1',
          retired_at: THREE_DAYS_BEFORE,
          reason: 'renamed',
          cohort_id: 'acme-vip-g1',
        },
      ],
      members: { vip: 1_858, 'vip@g1': 0 },
      synced: { vip: THREE_DAYS_BEFORE },
      lock: {
        id: 'lock-1',
        fence: 4,
        owner: 'ci@runner-3',
        command: 'apply',
        run_id: 'run-9',
        run_url: 'https://ci.example.com/runs/9',
        acquired_at: '2026-11-23T09:55:00.000Z',
        expires_at: '2026-11-23T10:05:00.000Z',
      },
    })
  })

  test('an empty one', () => {
    expect(JSON.parse(renderStateListJson(EMPTY_STATE))).toEqual({
      store_id: null,
      head: 0,
      objects: [],
      tombstones: [],
      members: {},
      synced: {},
      lock: null,
    })
  })

  test('one object', () => {
    expect(JSON.parse(renderStateShowJson(cohort))).toEqual(vip)
  })
})
