import { expect, test } from 'vitest'
import { refreshObserved } from '../../src/engine/refresh.ts'
import { EMPTY_STATE, type RecordedObject } from '../../src/model/recorded.ts'
import type { Reader } from '../../src/ports.ts'

const idOf = (number: number): string => `id-${number}`

const cohortsOf = (count: number): Map<RecordedObject['address'], RecordedObject> =>
  new Map(
    Array.from({ length: count }, (_each, number) => {
      const object: RecordedObject = {
        address: `cohort.a${number}`,
        kind: 'cohort',
        audience: `a${number}`,
        attributes: { name: `ORC__A${number}__1d` },
        remoteId: idOf(number),
        status: 'seen',
        recordedAt: '2026-11-23T10:00:00.000Z',
        origin: 'created',
      }
      return [object.address, object] as const
    }),
  )

const readerOf = (shown: readonly number[]): Reader => ({
  source: {
    listSegments: async () => [],
    readSegment: async () => undefined,
    countPeople: async () => 0,
    readPeoplePage: async () => ({ people: [] }),
    readSegmentUse: async () => undefined,
  },
  destination: {
    listSegments: async () => shown.map(number => ({ remoteId: idOf(number), name: `ORC__A${number}__1d` })),
    readSendable: async () => undefined,
    refusesIdentifier: () => undefined,
  },
})

test.each([
  ['is empty, of three recorded', 3, [], 'refresh/short-list'],
  ['shows somebody else’s alone, of four recorded', 4, [99], 'refresh/short-list'],
  ['shows one of four recorded: the others may be archived', 4, [0], 'read'],
  ['is empty, of two recorded: both may be archived', 2, [], 'read'],
  ['is empty, and nothing is recorded', 0, [], 'read'],
])('a list that %s', async (_story, recorded, shown, expected) => {
  const { segments } = await refreshObserved(
    readerOf(shown),
    { ...EMPTY_STATE, objects: cohortsOf(recorded) },
    [],
  )
  expect(segments.kind === 'failed' ? segments.code : segments.kind).toBe(expected)
})
