import { describe, expect, test } from 'vitest'
import { examineCustomerio } from '../../src/engine/checkup-customerio.ts'
import { examineStore } from '../../src/engine/checkup-here.ts'
import { EMPTY_STATE, type Lock } from '../../src/model/recorded.ts'
import type { SourceReader, SourceSegment } from '../../src/ports.ts'
import { anAudience } from '../support/audience.ts'

const NOW = '2026-11-23T10:00:00.000Z'

const lockUntil = (expiresAt: string): Lock => ({
  id: 'lock-1',
  fence: 1,
  owner: 'ci@runner-3',
  command: 'sync',
  runId: 'run-1',
  acquiredAt: '2026-11-23T09:00:00.000Z',
  expiresAt,
})

const storeOf = (state: Partial<typeof EMPTY_STATE>, unwritable?: string) =>
  examineStore({
    state: { kind: 'opened', port: { ...EMPTY_STATE, storeId: 'store-1', ...state } },
    now: NOW,
    ...(unwritable === undefined ? {} : { unwritable }),
  })

describe('the store', () => {
  test.each`
    story                     | state                                              | unwritable                         | verdict      | detail
    ${'nobody is at work'}    | ${{}}                                              | ${undefined}                       | ${'ok'}      | ${'nobody holds it'}
    ${'somebody is'}          | ${{ lock: lockUntil('2026-11-23T10:05:00.000Z') }} | ${undefined}                       | ${'ok'}      | ${'`muster sync` of ci@runner-3 holds it until'}
    ${'somebody was'}         | ${{ lock: lockUntil('2026-11-23T09:30:00.000Z') }} | ${undefined}                       | ${'trouble'} | ${'ended without a word 30 min ago'}
    ${'it cannot be written'} | ${{}}                                              | ${'nothing can be written in /st'} | ${'trouble'} | ${'nothing can be written in /st'}
  `('$story: $verdict', ({ state, unwritable, verdict, detail }) => {
    expect(storeOf(state, unwritable)).toMatchObject({ verdict, detail: expect.stringContaining(detail) })
  })
})

describe('segments', () => {
  const examine = async (segments: readonly SourceSegment[]) => {
    const source: SourceReader = {
      listSegments: async () => segments,
      readSegment: async () => segments[0],
      countPeople: async () => 1,
      readPeoplePage: async () => ({ people: [] }),
      readSegmentUse: async () => ({ campaigns: 0, newsletters: 0 }),
    }
    const { checks } = await examineCustomerio({
      connection: { region: 'us', appKeyEnv: 'KEY' },
      source: { kind: 'opened', port: source },
      audiences: [anAudience({ id: 'vip', source: { kind: 'segment', segmentId: 11, name: 'VIP' } })],
      recorded: EMPTY_STATE,
    })
    return checks.find(({ subject }) => subject === 'sources')
  }

  test('that are still being built remove nobody, so they are worth a line', async () => {
    expect(await examine([{ segmentId: 11, name: 'VIP', type: 'dynamic', isFinished: false }])).toMatchObject(
      {
        verdict: 'trouble',
        detail: 'Customer.io is still building the segment of vip',
      },
    )
  })

  test('of which none is there are a sign of another workspace', async () => {
    expect(await examine([])).toMatchObject({
      verdict: 'trouble',
      todo: 'the key is of another workspace, or every segment id is wrong',
    })
  })
})
