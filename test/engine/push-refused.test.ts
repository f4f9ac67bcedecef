import { describe, expect, test } from 'vitest'
import { anAudience } from '../support/audience.ts'
import { openSyncWorld, refusal, type SyncWorld, someUsers } from '../support/sync-world.ts'

const TOO_LARGE = refusal('provider/too-large', 413)
const MALFORMED = refusal('provider/bad-request', 400)

const open = async (count: number, budgetBytes = 10_000): Promise<SyncWorld> => {
  const world = await openSyncWorld({ audiences: [anAudience()], budgetBytes })
  world.people('vip', someUsers(count))
  return world
}

/** Refuses whatever holds one of these. */
const refuseWhoever =
  (...bad: readonly string[]): SyncWorld['answer'] =>
  ({ identifiers }) =>
    identifiers.some(each => bad.includes(each)) ? MALFORMED : undefined

const sizes = ({ calls }: SyncWorld): readonly number[] => calls.map(({ identifiers }) => identifiers.length)

const rejectedOf = async (world: SyncWorld): Promise<number> => {
  const end = await world.sync()
  return end.reports[0]?.result.keptOut?.rejected ?? 0
}

describe('a batch that is too large', () => {
  test('is halved, and the calls of this cohort stay that small until the run is over', async () => {
    const world = await open(100, 510)
    world.answer = ({ identifiers }) => (identifiers.length > 20 ? TOO_LARGE : undefined)
    const end = await world.sync()
    expect(sizes(world)).toEqual([50, 25, 12, 12, 12, 12, 12, 12, 12, 12, 4])
    expect(world.row(end, 'vip')).toMatchObject({ added: 100, calls: 11, accepted: 100 })
    expect(world.members('vip')).toEqual(someUsers(100))
  })

  test('the next run begins with full calls again: the vendor may have had a bad hour', async () => {
    const world = await open(50, 510)
    world.answer = ({ identifiers }) => (identifiers.length > 20 ? TOO_LARGE : undefined)
    await world.sync()
    world.forgetCalls()
    world.answer = () => undefined
    world.people('vip', someUsers(100))
    await world.sync()
    expect(sizes(world)).toEqual([50])
  })

  test('with a single member in it, it is that member who is refused', async () => {
    const world = await open(3)
    world.answer = ({ identifiers }) => (identifiers.includes('usr_002') ? TOO_LARGE : undefined)
    const end = await world.sync()
    expect(world.row(end, 'vip')).toMatchObject({ added: 2, rejected: 1 })
    expect(world.members('vip')).toEqual(['usr_001', 'usr_003'])
  })

  test('when not even one member is taken, the audience fails, and nobody is blamed', async () => {
    const world = await open(40)
    world.answer = () => TOO_LARGE
    const end = await world.sync()
    expect(end.reports[0]?.failure?.code).toBe('provider/too-large')
    world.answer = () => undefined
    expect(await rejectedOf(world)).toBe(0)
    expect(world.members('vip')).toEqual(someUsers(40))
  })
})

describe('a batch that is refused', () => {
  test('is taken apart until the bad member stands alone; everybody else is sent', async () => {
    const world = await open(64)
    world.answer = refuseWhoever('usr_037')
    const end = await world.sync()
    // Both halves are tried, and the refused one is taken apart: two calls for each halving.
    expect(sizes(world)).toEqual([64, 32, 32, 16, 16, 8, 8, 4, 4, 2, 2, 1, 1])
    expect(world.row(end, 'vip')).toMatchObject({ added: 63, rejected: 1, accepted: 63 })
    expect(world.members('vip')).not.toContain('usr_037')
    expect(end.reports[0]?.findings).toMatchObject([
      { code: 'sync/rejected-members', severity: 'warning', detail: expect.stringContaining('refused 1 of') },
    ])
  })

  test('the bad member is left out for a week, and then tried again', async () => {
    const world = await open(8)
    world.answer = refuseWhoever('usr_003')
    await world.sync()
    world.forgetCalls()
    world.now = '2026-11-30T10:00:00.000Z'
    expect(await rejectedOf(world)).toBe(1)
    expect(sizes(world).filter(size => size === 1)).toEqual([])
    world.answer = () => undefined
    world.now = '2026-11-30T10:00:00.001Z'
    expect(world.row(await world.sync(), 'vip')).toMatchObject({ added: 1 })
    expect(world.members('vip')).toEqual(someUsers(8))
  })

  test('no identifier is in the journal, and the attempt is counted there', async () => {
    const world = await open(8)
    world.answer = refuseWhoever('usr_003')
    await world.sync()
    const journal = await world.store.readJournal(100)
    expect(JSON.stringify(journal)).not.toContain('usr_')
    expect(journal.filter(({ operation }) => operation === 'leave out rejected members')).toMatchObject([
      { phase: 'refused', count: 1, detail: 'provider/bad-request' },
    ])
  })

  test('several bad members are each found, also when they stand side by side at the very beginning', async () => {
    const world = await open(100)
    const bad = someUsers(12)
    world.answer = refuseWhoever(...bad)
    const end = await world.sync()
    expect(world.row(end, 'vip')).toMatchObject({ added: 88, rejected: 12 })
    expect(end.reports[0]?.failure).toBeUndefined()
    expect(world.members('vip')).toEqual(someUsers(88, 13))
  })

  test('when nothing at all is taken, five single members are enough to see that it is not them', async () => {
    const world = await open(1_000)
    world.answer = () => MALFORMED
    const end = await world.sync()
    expect(end.reports[0]?.failure?.code).toBe('provider/bad-request')
    expect(world.calls.length).toBeLessThan(40)
    expect(sizes(world).filter(size => size === 1).length).toBeLessThanOrEqual(6)
    world.answer = () => undefined
    world.forgetCalls()
    expect(await rejectedOf(world)).toBe(0)
    expect(sizes(world)).toEqual([999, 1])
  })

  test('a single member who is refused, and nobody else to compare with, is tried again next time', async () => {
    const world = await open(1)
    world.answer = () => MALFORMED
    expect(world.row(await world.sync(), 'vip')).toMatchObject({ added: 0, rejected: 1 })
    world.answer = () => undefined
    expect(world.row(await world.sync(), 'vip')).toMatchObject({ added: 1, accepted: 1 })
  })

  test('when refusals have no end after others were taken, the audience fails, and nobody of them is left out', async () => {
    const world = await open(200, 1_010)
    world.answer = refuseWhoever(...someUsers(100, 101))
    const end = await world.sync()
    expect(end.reports[0]?.failure?.code).toBe('provider/bad-request')
    expect(world.row(end, 'vip')).toMatchObject({ added: 100, rejected: 50 })
    world.answer = () => undefined
    expect(await rejectedOf(world)).toBe(0)
    expect(world.members('vip')).toEqual(someUsers(200))
  })

  test('when no remove is taken, nobody leaves, all of them are held, and adds go on', async () => {
    const world = await open(40)
    await world.sync()
    world.people('vip', [...someUsers(30), 'usr_900'])
    world.answer = ({ direction }) => (direction === 'remove' ? MALFORMED : undefined)
    const end = await world.sync()
    expect(end.reports[0]?.failure).toBeUndefined()
    expect(world.row(end, 'vip')).toMatchObject({ added: 1, removed: 0, held: 10, heldBy: { refused: 10 } })
    world.answer = () => undefined
    expect(world.row(await world.sync(), 'vip')).toMatchObject({ removed: 10, accepted: 31 })
  })

  test('of a remove: the others leave, the bad one stays in the ledger and is counted', async () => {
    const world = await open(20)
    await world.sync()
    world.people('vip', someUsers(10))
    world.answer = refuseWhoever('usr_015')
    const end = await world.sync()
    expect(world.row(end, 'vip')).toMatchObject({
      removed: 9,
      held: 1,
      heldBy: { refused: 1 },
      rejected: 1,
      accepted: 11,
    })
    expect(world.members('vip')).toEqual([...someUsers(10), 'usr_015'])
    world.answer = () => undefined
    expect(world.row(await world.sync(), 'vip')).toMatchObject({ removed: 1, held: 0, accepted: 10 })
  })

  test('for who sent it, nobody is looked for', async () => {
    for (const code of ['provider/bad-name', 'provider/auth', 'provider/not-found']) {
      const world = await open(20)
      world.answer = () => refusal(code, 400)
      const end = await world.sync()
      expect([code, end.reports[0]?.failure?.code, world.calls.length]).toEqual([code, code, 1])
    }
  })

  test('without a certain answer nobody is looked for: who was in it stays open', async () => {
    const world = await open(20)
    world.answer = () => ({ ...MALFORMED, outcomeUnknown: true })
    await world.sync()
    expect(world.calls.length).toBe(1)
    world.answer = () => undefined
    world.people('vip', [])
    const end = await world.sync()
    expect(world.row(end, 'vip').held).toBe(20)
  })
})
