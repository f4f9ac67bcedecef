import { describe, expect, test } from 'vitest'
import { refreshObserved } from '../../src/engine/refresh.ts'
import { FailureError } from '../../src/model/failure.ts'
import { EMPTY_STATE, type RecordedObject } from '../../src/model/recorded.ts'
import type { DestinationSegment, Reader } from '../../src/ports.ts'

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

describe('a cohort that the list leaves out', () => {
  /** Answers with a list for everything, and by name with what `byName` gives. */
  const readerWith = (shown: readonly number[], byName: (name: string) => readonly DestinationSegment[]) => {
    const asked: string[] = []
    const reader = readerOf(shown)
    return {
      asked,
      reader: {
        ...reader,
        destination: {
          ...reader.destination,
          listSegments: async (name?: string) => {
            if (name === undefined) return reader.destination.listSegments()
            asked.push(name)
            return byName(name)
          },
        },
      },
    }
  }
  const recorded = { ...EMPTY_STATE, objects: cohortsOf(3) }
  const read = async (reader: Reader) => (await refreshObserved(reader, recorded, [])).segments

  test('is asked for by its name, and no other is', async () => {
    const { asked, reader } = readerWith([0, 1], name => [{ remoteId: idOf(2), name }])
    const segments = await read(reader)
    expect(segments.kind === 'read' && segments.value.map(({ remoteId }) => remoteId)).toEqual([
      idOf(0),
      idOf(1),
      idOf(2),
    ])
    expect(asked).toEqual(['ORC__A2__1d'])
  })

  test('is missing when its name is not there either', async () => {
    const segments = await read(readerWith([0, 1], () => []).reader)
    expect(segments.kind === 'read' && segments.value.length).toBe(2)
  })

  test('is neither there nor missing when nobody answers', async () => {
    const { reader } = readerWith([0, 1], () => {
      throw new FailureError({
        origin: 'moengage',
        code: 'provider/unavailable',
        detail: 'MoEngage did not answer.',
        retryable: true,
      })
    })
    expect(await read(reader)).toEqual({ kind: 'failed', code: 'provider/unavailable' })
  })
})
