import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { holdElsewhere } from '../support/hold-elsewhere.ts'
import { openWorld, type World } from '../support/world.ts'

const TWO = { audiences: ['active-in-app', 'vip'], population: 1_500 }

interface Row {
  readonly id: string
  readonly members: number
  readonly synced_at: string | null
  readonly evidence: { readonly accepted: number; readonly resolved: number | null } | null
  readonly allowances: readonly { readonly guard: string; readonly reason: string }[]
}
interface Shared {
  readonly audiences: readonly string[]
  readonly people: number
  readonly smaller: string
  readonly share_of_smaller: number
}

const reportOf = async (world: World): Promise<{ audiences: Row[]; shared: Shared[] }> =>
  JSON.parse((await world.report({ json: true })).out) as { audiences: Row[]; shared: Shared[] }

const peopleOf = async (world: World, segment: number): Promise<ReadonlySet<string>> => {
  const { people } = await world.ask<{ people: { cio_id: string; id: string | null }[] }>(
    'customerio',
    `segments/${segment}/people`,
  )
  return new Set(people.flatMap(({ cio_id, id }) => (id === null ? [] : [cio_id])))
}

describe('a report', () => {
  test('of no store makes none, and says that nothing is recorded', async () => {
    const world = await openWorld(TWO)
    expect(await world.report()).toMatchObject({
      exitCode: 0,
      out: expect.stringContaining('Nothing is recorded'),
    })
    expect((await world.state()).storeId).toBeUndefined()
  })

  test('counts exactly whom two audiences share, with no key at hand and no call', async () => {
    const world = await openWorld(TWO)
    await world.settle()
    await world.sync()
    await world.forgetRequests()
    const { audiences, shared } = await reportOf(world)
    expect(audiences.map(({ id, synced_at }) => [id, synced_at !== null])).toEqual([
      ['active-in-app', true],
      ['vip', true],
    ])
    const active = await peopleOf(world, 13)
    const vip = await peopleOf(world, 11)
    const both = [...vip].filter(person => active.has(person)).length
    expect(both).toBeGreaterThan(0)
    const [pair] = shared
    const sizes = new Map(audiences.map(({ id, members }) => [id, members] as const))
    const smaller = [...sizes].sort(([, a], [, b]) => a - b)[0]
    expect(pair).toEqual({
      audiences: ['active-in-app', 'vip'],
      people: both,
      smaller: smaller?.[0],
      share_of_smaller: Math.round((both / (smaller?.[1] ?? 0)) * 10_000) / 10_000,
    })
    expect([await world.requests('customerio'), await world.requests('moengage')]).toEqual([[], []])
    expect((await world.report()).out).toContain('active-in-app and vip')
  })

  test('says who holds the store, while somebody does', async () => {
    const world = await openWorld(TWO)
    await world.settle()
    const holder = await holdElsewhere(world)
    try {
      expect(await world.report()).toMatchObject({
        exitCode: 1,
        failed: 'store/busy',
        out: '',
        err: expect.stringContaining(`in use by another process (process ${holder.pid})`),
      })
    } finally {
      holder.kill('SIGKILL')
      await once(holder, 'exit')
    }
    expect((await world.report()).exitCode).toBe(0)
  })

  test('tells what was let pass, until a plan that told it is applied', async () => {
    const world = await openWorld({ audiences: ['vip'], population: 800 })
    await world.settle()
    await world.sync()
    await world.ask('customerio', 'segments/11', { empty: true })
    await world.sync({ allow: ['vip:empty-source:the programme has ended'] })
    const told = { guard: 'empty-source', reason: 'the programme has ended' }
    expect((await reportOf(world)).audiences[0]?.allowances).toMatchObject([told])
    const planned = await world.plan()
    expect(planned.out).toContain('empty-source of vip, just now: the programme has ended')
    expect(planned.out).toContain('Nothing to apply')
    await world.apply()
    expect((await reportOf(world)).audiences[0]?.allowances).toEqual([])
    expect((await world.plan()).out).not.toContain('empty-source')
  })
})
