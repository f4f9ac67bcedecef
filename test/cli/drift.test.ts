import { describe, expect, test } from 'vitest'
import { openWorld, type World } from '../support/world.ts'

const SMALL = { population: 800 }
const ONE = { audiences: ['vip'], ...SMALL }

const down = (route: string) => ({ match: { route }, kind: 'status', status: 503, times: 'always' })

const writesOf = async (world: World) =>
  [...(await world.requests('moengage')), ...(await world.requests('customerio'))].filter(
    ({ write }) => write,
  )

interface Report {
  readonly checked: {
    readonly objects: number
    readonly values: number
    readonly findings: readonly object[]
  }
  readonly estimated: readonly { readonly address: string; readonly attribute: string }[]
  readonly unknown: readonly { readonly address: string; readonly code?: string }[]
  readonly unknowable: readonly object[]
}

const reportOf = async (world: World): Promise<Report> =>
  JSON.parse((await world.drift({ json: true })).out) as Report

describe('drift', () => {
  test('nothing recorded: nothing that could have drifted, and no store is made', async () => {
    const world = await openWorld(ONE)
    const ended = await world.drift()
    expect(ended).toMatchObject({ exitCode: 0 })
    expect((await world.state()).storeId).toBeUndefined()
  })

  test('as applied: 0, and the members are said to be unknowable, with their age', async () => {
    const world = await openWorld(ONE)
    await world.settle()
    await world.sync()
    await world.advance('3d')
    await world.forgetRequests()
    const ended = await world.drift()
    expect(ended.exitCode).toBe(0)
    expect(ended.out).toContain('No drift in what can be read.')
    expect(ended.out).toMatch(/vip +\d+ +recorded as accepted, last synced 3 d ago/)
    expect(await writesOf(world)).toEqual([])
  })

  test('a cohort that MoEngage archived after 60 days without a run is found: 2', async () => {
    const world = await openWorld(ONE)
    await world.settle()
    await world.advance('61d')
    const ended = await world.drift()
    expect(ended.out).toContain('MoEngage no longer shows it')
    expect(ended.exitCode).toBe(2)
  })

  test('what the specs say has no part in it', async () => {
    const world = await openWorld(ONE)
    await world.settle()
    await world.edit('vip.yaml', { 'source.name': 'Another name', 'rollout.stage': 'qa' })
    expect((await world.drift()).exitCode).toBe(0)
  })

  test.each`
    age      | hints
    ${'49d'} | ${0}
    ${'51d'} | ${1}
  `(
    '$age after a cohort was made: $hints hint of the archive clock, which alone is no drift',
    async ({ age, hints }) => {
      const world = await openWorld(ONE)
      await world.settle()
      await world.advance(age)
      const ended = await world.drift()
      expect(ended.exitCode).toBe(0)
      expect(ended.out.includes('no campaign or query used for 60 days')).toBe(hints === 1)
      const { estimated } = await reportOf(world)
      expect(estimated.filter(({ attribute }) => attribute === 'last_run')).toHaveLength(hints)
    },
  )

  test('--only looks at what is recorded, and at nothing else', async () => {
    const world = await openWorld({ audiences: ['vip', 'winback'], population: 800 })
    await world.settle()
    const { out } = await world.drift({ json: true, only: ['vip'] })
    expect((JSON.parse(out) as Report).checked.objects).toBe(2)
    expect((await world.drift({ only: ['vpi'] })).failed).toBe('cli/unknown-audience')
  })

  test('a list that cannot be read makes its class unknown: 1, and the rest is still compared', async () => {
    const world = await openWorld(ONE)
    await world.settle()
    await world.fault('moengage', down('/v3/custom-segments'))
    const ended = await world.drift()
    expect(ended.exitCode).toBe(1)
    expect(ended.out).toContain('Unknown: could not be read this time')
    expect(ended.out).toContain('No drift in what was read. 1 object was not read.')
    expect(ended.err).toBe(
      'Not read, so nobody knows whether it drifted: cohort.vip (provider/unavailable).\n',
    )
    expect((await reportOf(world)).unknown).toEqual([{ address: 'cohort.vip', code: expect.any(String) }])
  })

  test('what was found comes first: 2, and what was not read is said all the same', async () => {
    const world = await openWorld(ONE)
    await world.settle()
    await world.ask('customerio', 'segments/11', { name: 'Something else' })
    await world.fault('moengage', down('/v3/custom-segments'))
    const ended = await world.drift()
    expect(ended.exitCode).toBe(2)
    expect(ended.err).toContain('cohort.vip (provider/unavailable)')
  })

  test('many objects that were not read: the first few in one line, all of them in the report', async () => {
    const world = await openWorld(SMALL)
    await world.settle()
    await world.fault('moengage', down('/v3/custom-segments'))
    const ended = await world.drift()
    expect(ended.exitCode).toBe(1)
    expect(ended.err).toMatch(/^Not read.*cohort\.active-in-app .* and 2 more\.\n$/)
    expect(ended.out).toContain('7 objects were not read.')
  })

  test('nothing could be read: 1', async () => {
    const world = await openWorld(ONE)
    await world.settle()
    await world.fault('moengage', down('/v3/custom-segments'))
    await world.fault('customerio', down('/v1/segments'))
    const ended = await world.drift()
    expect(ended.out).toContain('nothing could be compared')
    expect(ended.exitCode).toBe(1)
  })
})
