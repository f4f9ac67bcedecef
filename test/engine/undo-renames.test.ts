import { expect, test } from 'vitest'
import { undoRenames } from '../../src/engine/undo-renames.ts'
import { EMPTY_STATE, type RecordedObject, type RecordedState } from '../../src/model/recorded.ts'

const AT = '2026-11-23T10:00:00.000Z'
const NOW = '2026-11-25T10:00:00.000Z'

const aCohort = (audience: string, change: Partial<RecordedObject>): RecordedObject => ({
  address: `cohort.${audience}`,
  kind: 'cohort',
  audience,
  attributes: {},
  status: 'seen',
  recordedAt: AT,
  origin: 'created',
  ...change,
})

const former = aCohort('vip@g1', {
  attributes: { name: 'ORC__Vip__365d', cohort_id: 'acme-vip-g1' },
  remoteId: '64f0c0ffee0000000000a001',
})
const begun = aCohort('vip', {
  attributes: { name: 'ORC__Best__365d', cohort_id: 'acme-vip-g2' },
  status: 'pending',
  carriesFrom: 'vip@g1',
})
const pointing: RecordedObject = {
  ...aCohort('winback', { address: 'sendable.winback', kind: 'sendable' }),
  attributes: { name: 'ACT__Winback__60d__Sendable', include: 'cohort.winback', exclude: ['cohort.vip@g1'] },
}
const stateOf = (...objects: readonly RecordedObject[]): RecordedState => ({
  ...EMPTY_STATE,
  objects: new Map(objects.map(object => [object.address, object])),
})

test('a rename that was under way is taken back, and what points at the former cohort follows', () => {
  const { state, given } = undoRenames(stateOf(former, begun, pointing), NOW)
  expect(given).toEqual(['ORC__Best__365d'])
  expect([...state.objects.keys()].sort()).toEqual(['cohort.vip', 'sendable.winback'])
  expect(state.objects.get('cohort.vip')).toEqual({ ...former, address: 'cohort.vip', audience: 'vip' })
  expect(state.objects.get('sendable.winback')?.attributes.exclude).toEqual(['cohort.vip'])
})

test('the name and the id that may have been sent are used up', () => {
  const { state } = undoRenames(stateOf(former, begun), NOW)
  expect(state.tombstones.get('ORC__Best__365d')).toEqual({
    name: 'ORC__Best__365d',
    address: 'cohort.vip',
    retiredAt: NOW,
    reason: 'renamed',
    cohortId: 'acme-vip-g2',
  })
})

test('one that only has to be drained goes on', () => {
  const { carriesFrom: _done, ...loaded } = begun
  const done = stateOf(former, { ...loaded, status: 'seen', remoteId: '64f0c0ffee0000000000a002' })
  expect(undoRenames(done, NOW)).toEqual({ state: done, given: [] })
})
