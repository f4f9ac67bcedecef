import { describe, expect, test } from 'vitest'
import type { Audience } from '../../src/model/audience.ts'
import { anAudience } from '../support/audience.ts'
import { openSyncWorld, refusal, type SyncWorld, someUsers } from '../support/sync-world.ts'

/** Ten members a call. */
const BUDGET = 110

const audienceNumber = (number: number, change: Partial<Audience> = {}): Audience => {
  const id = `a${String(number).padStart(2, '0')}`
  return anAudience({
    id,
    name: `ACT__${id.toUpperCase()}__60d`,
    intent: 'activation',
    source: { kind: 'segment', segmentId: 100 + number, name: `Segment ${number}` },
    ...change,
  })
}

const openFilled = async (audiences: readonly Audience[], count = 20): Promise<SyncWorld> => {
  const world = await openSyncWorld({ audiences, budgetBytes: BUDGET })
  for (const { id } of audiences) world.people(id, someUsers(count))
  return world
}

/** Answers when it is told to. */
const createGate = () => {
  const waiting: { readonly cohort: string; readonly open: () => void }[] = []
  return {
    waiting,
    hold: (cohort: string) =>
      new Promise<undefined>(resolve => waiting.push({ cohort, open: () => resolve(undefined) })),
  }
}

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 200; turn += 1) await Promise.resolve()
  await new Promise(resolve => setImmediate(resolve))
}

describe('several cohorts at once', () => {
  test('one call in flight each, and no more than eight cohorts', async () => {
    const audiences = Array.from({ length: 12 }, (_each, index) => audienceNumber(index))
    const world = await openFilled(audiences)
    const gate = createGate()
    world.answer = ({ cohort }) => gate.hold(cohort)
    let isOver = false
    const sync = world.sync().then(end => {
      isOver = true
      return end
    })
    const most: number[] = []
    while (!isOver) {
      await settle()
      const inFlight = gate.waiting.map(({ cohort }) => cohort)
      most.push(inFlight.length)
      expect(new Set(inFlight).size).toBe(inFlight.length)
      gate.waiting.shift()?.open()
    }
    const end = await sync
    expect(Math.max(...most)).toBe(8)
    expect(end.reports.map(({ result }) => [result.id, result.added])).toEqual(
      audiences.map(({ id }) => [id, 20]),
    )
  })

  test('a failure of one stops none of the others', async () => {
    const world = await openFilled([1, 2, 3].map(number => audienceNumber(number)))
    world.answer = ({ cohort }) =>
      cohort === 'ACT__A02__60d' ? refusal('provider/unavailable', 503, { retryable: true }) : undefined
    const end = await world.sync()
    expect(end.reports.map(({ failure, wasStopped }) => failure?.code ?? wasStopped)).toEqual([
      undefined,
      'provider/unavailable',
      undefined,
    ])
    expect(world.members('a01')).toEqual(someUsers(20))
    expect(world.members('a03')).toEqual(someUsers(20))
  })

  test.each(['provider/auth', 'provider/blocked', 'provider/forbidden', 'provider/quota'])(
    '%s stops all of them: what is under way is finished and recorded, nothing is begun',
    async code => {
      const world = await openFilled(
        [1, 2, 3].map(number => audienceNumber(number)),
        50,
      )
      const gate = createGate()
      world.answer = ({ cohort }) => (cohort === 'ACT__A02__60d' ? refusal(code, 403) : gate.hold(cohort))
      const sync = world.sync()
      await settle()
      for (const { open } of gate.waiting) open()
      const end = await sync
      expect(world.calls.length).toBe(3)
      expect(end.reports.map(({ failure, wasStopped }) => failure?.code ?? wasStopped)).toEqual([
        true,
        code,
        true,
      ])
      expect(end.reports.map(({ result }) => result.accepted)).toEqual([10, 0, 10])
      world.answer = () => undefined
      await world.sync()
      for (const id of ['a01', 'a02', 'a03']) expect(world.members(id)).toEqual(someUsers(50))
    },
  )

  test('Ctrl-C is told once; the rest was stopped', async () => {
    const world = await openFilled(
      [1, 2, 3].map(number => audienceNumber(number)),
      50,
    )
    world.answer = ({ cohort }) => {
      if (cohort === 'ACT__A02__60d') world.interrupt()
      return undefined
    }
    const end = await world.sync()
    const codes = end.reports.map(({ failure, wasStopped }) => failure?.code ?? wasStopped)
    expect(codes.filter(code => code === 'run/interrupted').length).toBe(1)
    expect(codes.filter(code => code === true).length).toBe(2)
    expect(world.calls.length).toBe(3)
  })

  test('reports come in the order of ids, whichever cohort is through first', async () => {
    const audiences = [3, 1, 2].map(number => audienceNumber(number))
    const world = await openFilled(audiences)
    world.answer = async ({ cohort }) => {
      if (cohort === 'ACT__A01__60d') await settle()
      return undefined
    }
    const end = await world.sync()
    expect(end.reports.map(({ result }) => result.id)).toEqual(['a01', 'a02', 'a03'])
  })
})

describe('suppressions are a barrier', () => {
  const suppression = audienceNumber(9, { intent: 'suppression', name: 'SUP__A09__60d' })
  const another = audienceNumber(8, { intent: 'suppression', name: 'SUP__A08__60d', suppressedBy: ['a09'] })
  const activation = audienceNumber(1, { suppressedBy: ['a08', 'a09'] })

  test('they gain members first and lose them last, and one that others suppress waits for these', async () => {
    const world = await openFilled([activation, another, suppression])
    await world.sync()
    world.forgetCalls()
    for (const id of ['a01', 'a08', 'a09']) world.people(id, someUsers(20, 3))
    await world.sync()
    const order = world.calls.map(({ cohort, direction }) => `${cohort.slice(0, 8)} ${direction}`)
    expect(order.slice(0, 4)).toEqual(['SUP__A09 add', 'SUP__A08 add', 'ACT__A01 remove', 'ACT__A01 add'])
    expect(order.slice(4).sort()).toEqual(['SUP__A08 remove', 'SUP__A09 remove'])
  })

  test('nobody is added while one of them failed, be it behind another suppression', async () => {
    const world = await openFilled([activation, another, suppression])
    world.answer = ({ cohort }) =>
      cohort === suppression.name ? refusal('provider/unavailable', 503, { retryable: true }) : undefined
    const end = await world.sync()
    expect(end.reports.map(({ result, failure }) => [result.id, failure?.code, result.refused])).toEqual([
      ['a01', undefined, ['suppression']],
      ['a08', undefined, ['suppression']],
      ['a09', 'provider/unavailable', []],
    ])
    expect(world.members('a01')).toEqual([])
  })
})
