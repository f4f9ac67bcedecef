import { expect, test } from 'vitest'
import { applySendable } from '../../src/engine/apply-sendable.ts'
import type { Run } from '../../src/engine/run.ts'
import { FailureError } from '../../src/model/failure.ts'
import type { Change } from '../../src/model/plan.ts'
import type { RecordedObject } from '../../src/model/recorded.ts'
import { anAudience, aWorkspace } from '../support/audience.ts'
import { createMemoryStore } from '../support/memory-store.ts'

const AT = '2026-11-23T10:00:00.000Z'
const TWIN = '64f0c0ffee0000000000a009'
const NAME = 'ACT__Winback__60d__Sendable'

const cohort = (id: string, remoteId: string): RecordedObject => ({
  address: `cohort.${id}`,
  kind: 'cohort',
  audience: id,
  attributes: {},
  remoteId,
  status: 'seen',
  recordedAt: AT,
  origin: 'created',
})

/** A creation that got no answer: recorded, and in no list so far. */
const unanswered: RecordedObject = {
  address: 'sendable.winback',
  kind: 'sendable',
  audience: 'winback',
  attributes: { name: NAME, include: 'cohort.winback', exclude: ['cohort.vip'] },
  status: 'pending',
  recordedAt: AT,
  origin: 'created',
}

const change: Change = {
  address: 'sendable.winback',
  kind: 'sendable',
  audience: 'winback',
  action: 'update',
  reason: 'accepted by the vendor, not seen in its list so far',
  attributes: [],
  belief: 'read',
  calls: [{ operation: 'create sendable segment', calls: 1 }],
}

const winback = anAudience({ id: 'winback', name: 'ACT__Winback__60d', suppressedBy: ['vip'] })

/** Applies where MoEngage says that the filters are taken, by a segment of this name. */
const applyAgainst = async (standing: string) => {
  const store = await createMemoryStore({}).open()
  await store.commit(
    [cohort('winback', 'id-1'), cohort('vip', 'id-2'), unanswered].map(object => ({
      kind: 'object',
      object,
    })),
  )
  const run = {
    runId: 'run-1',
    now: AT,
    workspace: aWorkspace,
    store,
    reader: { destination: { listSegments: async () => [] } },
    writer: {
      destination: {
        createSendable: async () => {
          throw new FailureError({
            origin: 'moengage',
            code: 'provider/same-filters',
            detail: 'Another segment has these filters.',
            retryable: false,
            conflict: { remoteId: TWIN, name: standing },
          })
        },
      },
    },
    // Only what this step may touch: anything else would fail.
  } as unknown as Run
  const result = await applySendable(run, change, winback).catch((error: unknown) => error)
  return { result, recorded: (await store.readState()).objects.get('sendable.winback') }
}

test('a segment with our filters and our name is what the unanswered call made', async () => {
  const { result, recorded } = await applyAgainst(NAME)
  expect(result).toEqual({ kind: 'done' })
  expect(recorded).toMatchObject({ status: 'seen', remoteId: TWIN })
})

test('one of another name is somebody else’s, and stands in the way', async () => {
  const { result, recorded } = await applyAgainst('Somebody else’s')
  expect(result).toBeInstanceOf(FailureError)
  expect(recorded).toEqual(unanswered)
})
