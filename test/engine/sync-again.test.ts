import { describe, expect, test } from 'vitest'
import { anAudience } from '../support/audience.ts'
import { openSyncWorld, refusal, type SyncWorld, someUsers } from '../support/sync-world.ts'

/** Ten members a call. */
const BUDGET = 110

const vip = anAudience()
const winback = anAudience({
  id: 'winback',
  name: 'ACT__Winback__60d',
  intent: 'activation',
  source: { kind: 'segment', segmentId: 15, name: 'Winback 60-120d' },
})

/** Both applied on 20 November and filled on the 23rd; a week later, all members are due to be sent again. */
const openFilled = async (callsPerRun = 600): Promise<SyncWorld> => {
  const world = await openSyncWorld({
    audiences: [vip, winback],
    budgetBytes: BUDGET,
    workspace: { reassert: { everyMs: 604_800_000, callsPerRun } },
  })
  world.people('vip', someUsers(40))
  world.people('winback', someUsers(30, 101))
  await world.sync()
  world.forgetCalls()
  world.now = '2026-11-30T10:00:00.000Z'
  return world
}

const again = async (world: SyncWorld): Promise<readonly number[]> => {
  const end = await world.sync()
  return ['vip', 'winback'].map(id => world.row(end, id).again ?? 0)
}

/** First and last identifier of each call for one cohort. */
const spans = ({ calls }: SyncWorld, name: string): readonly string[] =>
  calls
    .filter(({ cohort }) => cohort === name)
    .map(({ identifiers }) => `${identifiers[0]}..${identifiers.at(-1)}`)

describe('sending everybody again', () => {
  test('happens once in an interval, with the reason recorded, and is no add', async () => {
    const world = await openFilled()
    const end = await world.sync()
    expect(world.row(end, 'vip')).toMatchObject({ added: 0, removed: 0, again: 40, calls: 4, accepted: 40 })
    expect((await world.state()).asserted.get('vip')).toEqual({ completedAt: world.now, reason: 'interval' })
    const journal = await world.store.readJournal(100)
    expect(journal.filter(({ operation }) => operation === 'send members again')).toMatchObject([
      { address: 'cohort.vip', phase: 'intent', detail: 'interval' },
      { address: 'cohort.winback', phase: 'intent', detail: 'interval' },
      { address: 'cohort.winback', phase: 'accepted', count: 30, detail: 'interval' },
      { address: 'cohort.vip', phase: 'accepted', count: 40, detail: 'interval' },
    ])
    world.forgetCalls()
    expect(await again(world)).toEqual([0, 0])
    expect(world.calls).toEqual([])
  })

  test('brings back whom MoEngage lost without a word', async () => {
    const world = await openFilled()
    world.lose('usr_007')
    expect(world.members('vip')).not.toContain('usr_007')
    await world.sync()
    expect(world.members('vip')).toEqual(someUsers(40))
  })

  test('all audiences share the calls of a run in turns, and the next run goes on where this one stopped', async () => {
    const world = await openFilled(4)
    expect(await again(world)).toEqual([20, 20])
    expect(world.calls.length).toBe(4)
    world.forgetCalls()
    expect(await again(world)).toEqual([20, 10])
    expect(spans(world, vip.name)).toEqual(['usr_021..usr_030', 'usr_031..usr_040'])
    expect(spans(world, winback.name)).toEqual(['usr_121..usr_130'])
    expect(await again(world)).toEqual([0, 0])
    expect((await world.state()).asserted.get('vip')?.startedAt).toBeUndefined()
  })

  test('what one audience does not need, the other may use', async () => {
    const world = await openFilled(7)
    world.people('winback', someUsers(9, 101))
    world.now = '2026-11-30T10:00:00.000Z'
    const end = await world.sync()
    // Two calls remove the others of winback's members, which costs nothing of this budget.
    expect(world.row(end, 'winback')).toMatchObject({ again: 9 })
    expect(world.row(end, 'vip')).toMatchObject({ again: 40 })
  })

  test('comes after everything else, and a failure in it takes nothing back', async () => {
    const world = await openFilled()
    world.people('vip', [...someUsers(38), 'usr_900'])
    world.answer = ({ identifiers }) =>
      identifiers.includes('usr_001') ? refusal('provider/unavailable', 503, { retryable: true }) : undefined
    const end = await world.sync()
    expect(world.calls.map(({ direction }) => direction).slice(0, 2)).toEqual(['remove', 'add'])
    expect(end.reports.map(({ failure }) => failure?.code)).toEqual(['provider/unavailable', undefined])
    expect(world.row(end, 'vip')).toMatchObject({ added: 1, removed: 2 })
    expect((await world.state()).synced.get('vip')).toBe(world.now)
    expect((await world.state()).asserted.get('vip')?.completedAt).toBeUndefined()
  })

  test('--full sends all of them now, whatever the budget', async () => {
    const world = await openFilled(2)
    world.now = '2026-11-24T10:00:00.000Z'
    const end = await world.sync({ full: true })
    expect(['vip', 'winback'].map(id => world.row(end, id).again)).toEqual([40, 30])
    expect((await world.state()).asserted.get('vip')?.completedAt).toBe(world.now)
  })

  test('a --full that was interrupted is finished by the next sync, as far as the budget goes', async () => {
    const world = await openFilled(1)
    world.now = '2026-11-24T10:00:00.000Z'
    world.answer = ({ cohort }) => {
      if (cohort === vip.name) world.interrupt()
      return undefined
    }
    await world.sync({ full: true, only: ['vip'] })
    world.answer = () => undefined
    world.forgetCalls()
    await world.sync({ only: ['vip'] })
    expect(spans(world, vip.name)).toEqual(['usr_011..usr_020'])
    expect((await world.state()).asserted.get('vip')).toMatchObject({ reason: 'asked' })
  })

  test('does not go by a read that left people out', async () => {
    const world = await openFilled()
    world.people('vip', [])
    expect(await again(world)).toEqual([0, 30])
    world.people('vip', someUsers(40))
    expect(await again(world)).toEqual([40, 0])
  })

  test('a member that is refused by itself stays in the ledger, and holds up nobody', async () => {
    const world = await openFilled()
    world.answer = ({ identifiers }) =>
      identifiers.includes('usr_007') ? refusal('provider/bad-request', 400) : undefined
    const end = await world.sync()
    expect(world.row(end, 'vip')).toMatchObject({ again: 39, rejected: 1, accepted: 40 })
    world.answer = () => undefined
    expect(world.row(await world.sync(), 'vip')).toMatchObject({ wanted: 40, removed: 0, accepted: 40 })
  })
})
