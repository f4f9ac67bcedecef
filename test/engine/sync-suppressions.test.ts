import { describe, expect, test } from 'vitest'
import { anAudience } from '../support/audience.ts'
import { openSyncWorld, refusal, type SyncWorld, someUsers } from '../support/sync-world.ts'

const DOWN = refusal('provider/unavailable', 503, { retryable: true })
const MALFORMED = refusal('provider/bad-request', 400)

const SUPPRESSION = anAudience({
  id: 'buyers',
  name: 'SUP__Buyers__30d',
  intent: 'suppression',
  source: { kind: 'segment', segmentId: 201, name: 'Buyers' },
})
const BEHIND_IT = anAudience({
  id: 'winback',
  name: 'ACT__Winback__60d',
  intent: 'activation',
  suppressedBy: ['buyers'],
  source: { kind: 'segment', segmentId: 202, name: 'Winback' },
})

/** Three in both, synced. */
const openSynced = async (): Promise<SyncWorld> => {
  const world = await openSyncWorld({ audiences: [SUPPRESSION, BEHIND_IT] })
  for (const id of ['buyers', 'winback']) world.people(id, someUsers(3))
  await world.sync()
  world.forgetCalls()
  return world
}

const leaveBoth = (world: SyncWorld): void => {
  for (const id of ['buyers', 'winback']) world.people(id, someUsers(2))
}

const linesOf = ({ calls }: SyncWorld): readonly string[] =>
  calls.map(({ cohort, direction, identifiers }) => `${direction} ${identifiers.join(' ')} ${cohort}`)

describe('somebody who leaves a suppression and an audience behind it', () => {
  test('leaves the audience first', async () => {
    const world = await openSynced()
    leaveBoth(world)
    await world.sync()
    expect(linesOf(world)).toEqual(['remove usr_003 ACT__Winback__60d', 'remove usr_003 SUP__Buyers__30d'])
  })

  test('stays in the suppression while the audience could not lose them', async () => {
    const world = await openSynced()
    leaveBoth(world)
    world.answer = ({ cohort }) => (cohort === 'ACT__Winback__60d' ? DOWN : undefined)
    const end = await world.sync()
    expect(world.members('buyers')).toEqual(someUsers(3))
    expect(world.row(end, 'buyers')).toMatchObject({ removed: 0, held: 1, refused: ['suppression'] })

    world.forgetCalls()
    world.answer = () => undefined
    await world.sync()
    expect(linesOf(world)).toEqual(['remove usr_003 ACT__Winback__60d', 'remove usr_003 SUP__Buyers__30d'])
  })

  test('leaves the suppression when the audience has nobody to lose', async () => {
    const world = await openSynced()
    world.people('buyers', someUsers(2))
    world.answer = ({ cohort }) => (cohort === 'ACT__Winback__60d' ? DOWN : undefined)
    await world.sync()
    expect(world.members('buyers')).toEqual(someUsers(2))
  })
})

describe('somebody who enters both', () => {
  test('waits before the audience while the suppression could take nobody', async () => {
    const world = await openSynced()
    for (const id of ['buyers', 'winback']) world.people(id, someUsers(4))
    world.answer = ({ cohort }) => (cohort === 'SUP__Buyers__30d' ? MALFORMED : undefined)
    const end = await world.sync()
    expect(world.members('winback')).toEqual(someUsers(3))
    expect(world.row(end, 'winback').refused).toEqual(['suppression'])
  })

  test('waits while a remove from the suppression has no answer yet', async () => {
    const world = await openSynced()
    leaveBoth(world)
    world.answer = ({ cohort }) => (cohort === 'SUP__Buyers__30d' ? 'lost, not done' : undefined)
    await world.sync()
    for (const id of ['buyers', 'winback']) world.people(id, someUsers(3))
    world.answer = () => undefined
    const end = await world.sync()
    expect(world.members('winback')).toEqual(someUsers(2))
    expect(world.row(end, 'winback').refused).toEqual(['suppression'])
  })
})

describe('refusals that are no fault of a member', () => {
  test('a few members who are all refused are tried again in the next run', async () => {
    const world = await openSynced()
    world.people('buyers', someUsers(5))
    world.answer = () => MALFORMED
    await world.sync()
    world.answer = () => undefined
    await world.sync()
    expect(world.members('buyers')).toEqual(someUsers(5))
  })

  test('members who cannot be removed keep nobody from being added', async () => {
    const world = await openSyncWorld({ audiences: [BEHIND_IT] })
    world.people('winback', someUsers(20))
    await world.sync()
    world.people('winback', [...someUsers(14), 'usr_900'])
    world.answer = ({ direction }) => (direction === 'remove' ? MALFORMED : undefined)
    const end = await world.sync()
    expect(world.row(end, 'winback')).toMatchObject({ added: 1, removed: 0 })
    expect(world.members('winback')).toContain('usr_900')
  })
})
