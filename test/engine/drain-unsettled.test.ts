import { describe, expect, test } from 'vitest'
import { retireCohort } from '../../src/engine/apply-retire.ts'
import { renameCohort } from '../../src/engine/rename-cohort.ts'
import type { Run } from '../../src/engine/run.ts'
import { FailureError } from '../../src/model/failure.ts'
import type { Direction } from '../../src/model/membership.ts'
import type { Change } from '../../src/model/plan.ts'
import type { StoreWrite } from '../../src/model/store-write.ts'
import type { Delta } from '../../src/ports.ts'
import { day, rulesAt, sticky } from '../contract/run-day.ts'
import { anAudience, aWorkspace } from '../support/audience.ts'
import { createMemoryStore } from '../support/memory-store.ts'
import { aChange, anAttribute } from '../support/plan.ts'
import { applied } from '../support/planning.ts'
import { refusal } from '../support/sync-world.ts'

const AT = '2026-11-23T10:00:00.000Z'
const AT_10_14 = '2026-11-23T10:14:59.999Z'
const AT_10_15 = '2026-11-23T10:15:00.000Z'

const vip = anAudience()

/** A cohort with two members, and a third who was sent without an answer. */
const open = async () => {
  const store = await createMemoryStore().open()
  const member = (id: string): StoreWrite => ({
    kind: 'member',
    audience: 'vip',
    member: { person: `c_${id}`, identifier: id },
    at: AT,
  })
  await store.commit([
    ...[...applied([vip]).objects.values()].map((object): StoreWrite => ({ kind: 'object', object })),
    member('usr_1'),
    member('usr_2'),
    { kind: 'unsettled', audience: 'vip', identifier: 'usr_3', direction: 'add', is: 'open', at: AT },
  ])
  const calls: string[] = []
  const answers = { refused: '' }
  const runAt = (now: string): Run =>
    ({
      runId: 'run-1',
      now,
      clock: { now: () => now },
      workspace: aWorkspace,
      store,
      reader: { destination: { listSegments: async () => [] } },
      writer: {
        destination: {
          sizeBatch: () => ({ budgetBytes: 1_000, envelopeBytes: 10, memberBytes: () => 10 }),
          changeMembers: async ({ name }: { name: string }, direction: Direction, ids: readonly string[]) => {
            calls.push(`${direction} ${ids.join(' ')} (${name})`)
            if (ids.includes(answers.refused)) throw new FailureError(refusal('provider/bad-request', 400))
          },
          retireSegment: async () => {
            calls.push('archive')
            return 'confirmed'
          },
        },
      },
      reporter: { report: () => undefined },
      signal: new AbortController().signal,
    }) as unknown as Run
  return { store, calls, answers, runAt }
}

const WAITING = {
  kind: 'waiting',
  why: '1 of its members were sent without an answer, less than 15 minutes ago',
}

const retirement = aChange({ address: 'cohort.vip', action: 'retire' })
const renaming: Change = aChange({
  address: 'cohort.vip',
  action: 'rename',
  attributes: [
    anAttribute('name', { before: 'ORC__Vip__365d', after: 'ORC__Best__365d' }),
    anAttribute('cohort_id', { before: 'acme-vip-g1', after: 'acme-vip-g2' }),
  ],
})

describe('a cohort is drained', () => {
  test('only after adds without an answer have had a quarter of an hour', async () => {
    const { calls, runAt } = await open()
    expect(await retireCohort(runAt(AT_10_14), retirement)).toEqual(WAITING)
    expect(calls).toEqual([])
    expect(await retireCohort(runAt(AT_10_15), retirement)).toMatchObject({ kind: 'done' })
    expect(calls).toEqual(['remove usr_1 usr_2 usr_3 (ORC__Vip__365d)', 'archive'])
  })

  test('at once when it was never listed: nothing points at it', async () => {
    const { calls, runAt, store } = await open()
    const cohort = (await store.readState()).objects.get('cohort.vip')
    if (!cohort) throw new Error('it is recorded')
    const { remoteId: _none, ...unlisted } = cohort
    await store.commit([{ kind: 'object', object: { ...unlisted, status: 'pending' } }])
    expect(await retireCohort(runAt(AT_10_14), retirement)).toMatchObject({ kind: 'done' })
    expect(calls).toEqual(['remove usr_1 usr_2 usr_3 (ORC__Vip__365d)'])
  })

  test('and is not archived while somebody could not be taken out', async () => {
    const { calls, runAt, answers, store } = await open()
    answers.refused = 'usr_2'
    await expect(retireCohort(runAt(AT_10_15), retirement)).rejects.toThrow('provider/bad-request')
    expect(calls).not.toContain('archive')
    expect((await store.readState()).members.get('vip')).toBe(1)
  })
})

describe('a cohort is renamed', () => {
  test('only after it is certain who is in the former one', async () => {
    const { calls, runAt } = await open()
    expect(await renameCohort(runAt(AT_10_14), renaming, vip)).toEqual(WAITING)
    expect(calls).toEqual([])
    expect(await renameCohort(runAt(AT_10_15), renaming, vip)).toEqual({ kind: 'done' })
    expect(calls).toEqual(['remove usr_3 (ORC__Vip__365d)', 'add usr_1 usr_2 (ORC__Best__365d)'])
  })

  test('at once when what is open is about members: they are sent again, which contradicts nothing', async () => {
    const { calls, runAt, store } = await open()
    const settled = { kind: 'unsettled', audience: 'vip', is: 'withdrawn', at: AT } as const
    await store.commit([
      { ...settled, identifier: 'usr_3', direction: 'add' },
      { ...settled, identifier: 'usr_2', direction: 'add', is: 'open' },
    ])
    expect(await renameCohort(runAt(AT_10_14), renaming, vip)).toEqual({ kind: 'done' })
    expect(calls).toEqual(['add usr_2 (ORC__Vip__365d)', 'add usr_1 usr_2 (ORC__Best__365d)'])
  })

  test('and lets nobody in whom the former one kept out', async () => {
    const { runAt, store } = await open()
    const rules = (now: number) => rulesAt(now, { exit: sticky(1, 'entry', 30) })
    const compare = async (now: number, ...ids: readonly string[]): Promise<Delta> => {
      const spool = await store.openSpool('vip')
      await spool.append(ids.map(identifier => ({ person: `c_${identifier}`, identifier })))
      return spool.computeDelta({ rules: rules(now) })
    }
    const leaving = await compare(1, 'usr_1')
    await store.commit([
      { kind: 'batch', audience: 'vip', list: 'remove', from: 1, to: leaving.counts.removes, at: day(1) },
      { kind: 'rejected', audience: 'vip', identifier: 'usr_9', at: day(1) },
    ])
    await leaving.close()
    expect(await renameCohort(runAt(day(1)), renaming, vip)).toEqual({ kind: 'done' })
    const { counts } = await compare(2, 'usr_1', 'usr_2', 'usr_9')
    expect(counts).toMatchObject({ recorded: 1, wanted: 1, adds: 0 })
    expect(counts.keptOut).toMatchObject({ 'no-reentry': 1, rejected: 1 })
  })
})
