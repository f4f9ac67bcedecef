import { describe, expect, test } from 'vitest'
import { findFirstMember } from '../../src/engine/read-first.ts'
import type { Run } from '../../src/engine/run.ts'
import { failureOf } from '../../src/model/failure.ts'
import type { SourceReader, SourceSegment } from '../../src/ports.ts'
import { anAudience, aWorkspace } from '../support/audience.ts'
import { createMemoryStore } from '../support/memory-store.ts'

const MEANT: SourceSegment = { segmentId: 11, name: 'VIP customers', type: 'dynamic', isFinished: true }

const find = async (segment: SourceSegment | undefined) => {
  const calls: string[] = []
  const source: Partial<SourceReader> = {
    readSegment: async segmentId => {
      calls.push(`segment ${segmentId}`)
      return segment
    },
    readPeoplePage: async segmentId => {
      calls.push(`people of ${segmentId}`)
      return { people: [{ person: 'c_1', value: 'usr_1' }] }
    },
  }
  // Nothing else of a run is needed to look for one person.
  const run = {
    workspace: aWorkspace,
    store: await createMemoryStore().open(),
    reader: { source, destination: { refusesIdentifier: () => undefined } },
    signal: new AbortController().signal,
  } as unknown as Run
  const found = await findFirstMember(run, anAudience()).catch(
    (error: unknown) => failureOf(error)?.code ?? error,
  )
  return { found, calls }
}

describe('the first member of a cohort', () => {
  test('is taken from the segment that was meant, at one call more', async () => {
    expect(await find(MEANT)).toEqual({
      found: { person: 'c_1', identifier: 'usr_1' },
      calls: ['segment 11', 'people of 11'],
    })
  })

  test.each([
    ['is gone', undefined, 'source/missing'],
    ['has another name since it was planned', { ...MEANT, name: 'Everybody' }, 'source/renamed'],
  ])('is nobody of a segment that %s', async (_story, segment, code) => {
    expect(await find(segment)).toEqual({ found: code, calls: ['segment 11'] })
  })
})
