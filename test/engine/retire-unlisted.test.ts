import { expect, test } from 'vitest'
import type { RecordedObject } from '../../src/model/recorded.ts'
import { createLyingWorld } from '../properties/lying-world.ts'

/** The call that should have made it got no answer, and its file is gone since. */
const UNSEEN: RecordedObject = {
  address: 'cohort.c',
  kind: 'cohort',
  audience: 'c',
  attributes: { name: 'ORC__C__1d', cohort_id: 'acme-c-g1' },
  status: 'pending',
  recordedAt: '2026-11-23T10:00:00.000Z',
  origin: 'created',
}

test('a cohort that was never listed is retired, and what others made under its name is left alone', async () => {
  const world = createLyingWorld(7)
  const store = await world.store.open()
  await store.commit([{ kind: 'object', object: UNSEEN }])
  await store.close()
  world.moengage.addForeign('ORC__C__1d')
  expect((await world.apply()).kind).toBe('done')
  const { objects, tombstones } = await world.store.readState()
  expect([objects.has('cohort.c'), tombstones.has('ORC__C__1d')]).toEqual([false, true])
  expect(world.moengage.all().find(({ name }) => name === 'ORC__C__1d')?.archivedAtMs).toBeUndefined()
})
