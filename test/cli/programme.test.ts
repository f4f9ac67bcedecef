import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { expectCohorts, expectSendables } from '../support/expectation.ts'
import { openWorld, PROGRAMME, type World } from '../support/world.ts'

interface CohortTruth {
  readonly name: string
  readonly segment_id: string
  readonly members: readonly string[]
}

const nameOf = async (world: World, audience: string): Promise<string> => {
  const text = await readFile(join(world.folder, 'audiences', `${audience}.yaml`), 'utf8')
  return /^name: (\S+)/m.exec(text)?.[1] ?? ''
}

const readCohorts = async (world: World): Promise<ReadonlyMap<string, readonly string[]>> => {
  const entries = PROGRAMME.map(async audience => {
    const truth = await world.ask<CohortTruth>('moengage', `cohorts/${await nameOf(world, audience)}`)
    return [audience, truth.members] as const
  })
  return new Map(await Promise.all(entries))
}

const readSendables = async (world: World): Promise<ReadonlyMap<string, readonly string[]>> => {
  const { objects } = await world.state()
  const entries = [...objects.values()]
    .filter(({ kind }) => kind === 'sendable')
    .map(async ({ audience, remoteId }) => {
      const truth = await world.ask<{ uids: string[] }>('moengage', `segments/${remoteId}/people`)
      return [audience, truth.uids] as const
    })
  return new Map(await Promise.all(entries))
}

describe('the shipped programme, from nothing to the right people', () => {
  test('plan, apply, sync, two hours later sync again: the emulator has exactly whom it should', async () => {
    const world = await openWorld()

    const planned = await world.plan({ detailedExitcode: true })
    expect(planned.exitCode).toBe(2)
    expect(planned.out).toContain('Plan: 17 to create.')

    const applied = await world.apply()
    expect(applied.out).toContain('Applied: 17 done.')
    expect(applied.exitCode).toBe(0)

    expect((await world.sync()).exitCode).toBe(0)
    expect(await readCohorts(world)).toEqual(await expectCohorts(world))
    expect(await readSendables(world)).toEqual(await expectSendables(world))

    const before = await readCohorts(world)
    await world.advance('2h')
    expect((await world.sync()).exitCode).toBe(0)
    const after = await readCohorts(world)
    expect(after).toEqual(await expectCohorts(world))
    expect(await readSendables(world)).toEqual(await expectSendables(world))
    expect(after.get('active-in-app')).not.toEqual(before.get('active-in-app'))
    expect(after.get('cart-abandon')).not.toEqual(before.get('cart-abandon'))
  })

  test('a second sync and a second apply make no write call, and the second plan has no changes', async () => {
    const world = await openWorld()
    await world.settle()
    await world.sync()
    await world.forgetRequests()

    const sync = await world.sync()
    const apply = await world.apply()
    const plan = await world.plan({ detailedExitcode: true })

    expect(sync.out).toContain('Nothing to send')
    expect(apply.exitCode).toBe(0)
    expect(plan.out).toContain('No changes.')
    expect(plan.exitCode).toBe(0)
    const requests = [...(await world.requests('moengage')), ...(await world.requests('customerio'))]
    expect(requests.filter(({ write }) => write)).toEqual([])
  })

  test('planning costs one list of each vendor, and one read for each sendable segment; it writes nothing', async () => {
    const world = await openWorld()
    await world.plan()
    expect((await world.requests('customerio')).map(({ method, route }) => `${method} ${route}`)).toEqual([
      'GET /v1/segments',
    ])
    expect((await world.requests('moengage')).map(({ method, route }) => `${method} ${route}`)).toEqual([
      'GET /v3/custom-segments',
    ])
    await world.settle()
    await world.forgetRequests()
    await world.plan()
    const routes = (await world.requests('moengage')).map(({ method, route }) => `${method} ${route}`).sort()
    expect(routes).toEqual([
      'GET /v3/custom-segments',
      'GET /v3/custom-segments/:id',
      'GET /v3/custom-segments/:id',
      'GET /v3/custom-segments/:id',
    ])
  })

  test('nobody is in a ledger who was not accepted, and nobody was accepted who is not in a ledger', async () => {
    const world = await openWorld()
    await world.settle()
    await world.sync()
    await world.advance('2h')
    const second = await world.sync({ json: true })
    const rows = second.out
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as { id: string; accepted: number; wanted: number })
    const { members } = await world.state()
    expect(rows.map(({ id }) => id)).toEqual(PROGRAMME)
    for (const { id, accepted, wanted } of rows) {
      expect(accepted).toBe(wanted)
      expect(members.get(id)).toBe(accepted)
    }
  })
})
