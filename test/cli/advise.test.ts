import { describe, expect, test } from 'vitest'
import { openWorld } from '../support/world.ts'

const openTwo = async () => {
  const world = await openWorld({ audiences: ['cart-abandon', 'winback'], population: 2_000 })
  await world.edit('workspace.yaml', { policy: undefined, max_overlap: '0%', guards: { floor: 0 } })
  return world
}

describe('what the rules say of a store', () => {
  test('is in the first plan, and gone when it is applied; it is no part of the digest', async () => {
    const world = await openTwo()
    const first = JSON.parse((await world.plan({ json: true })).out)
    expect(first.advice.map(({ code, detail }: Record<string, string>) => `${code} ${detail}`)).toEqual([
      'policy/qa-first "cart-abandon" and "winback" would be sent to customers, and no testers were sent before.',
    ])
    await world.settle()
    await world.edit('cart-abandon.yaml', { size: { min: 5_000, max: 50_000 } })
    await world.apply()
    const before = JSON.parse((await world.plan({ json: true })).out)
    await world.sync()
    const after = JSON.parse((await world.plan({ json: true })).out)
    expect(before.advice).toBeUndefined()
    expect(after.advice.map(({ code }: Record<string, string>) => code)).toEqual(['policy/size'])
    expect((await world.plan()).out).toContain('Audience is not as large as it should be [policy/size]')
    expect((await world.plan({ only: ['winback'] })).out).not.toContain('policy/size')
  })

  test('refuses the plan where it is raised to an error', async () => {
    const world = await openTwo()
    await world.edit('workspace.yaml', { policy: { 'policy/qa-first': 'error' } })
    expect((await world.apply()).exitCode).toBe(3)
    const { refusals } = JSON.parse((await world.plan({ json: true })).out)
    expect(refusals.map(({ code }: Record<string, string>) => code)).toEqual(['policy/qa-first'])
  })

  test('is told by the report with what only ledgers know', async () => {
    const world = await openTwo()
    await world.settle()
    await world.sync()
    const warned = await world.report()
    expect(warned.exitCode).toBe(0)
    expect(warned.err).toContain('[policy/overlap]')
    await world.edit('workspace.yaml', { policy: { 'policy/overlap': 'error' } })
    expect((await world.report()).exitCode).toBe(1)
  })
})

describe('a waiver that is over', () => {
  test('stops the next plan, and no sync: what runs at night goes on with what was reviewed', async () => {
    const world = await openTwo()
    await world.edit('winback.yaml', {
      frequency_cap: undefined,
      waivers: [
        { rule: 'policy/frequency-cap', by: 'Jo Doe', because: 'Being tried out.', until: '2020-03-31' },
      ],
    })
    const planned = await world.plan()
    expect(planned.exitCode).toBe(1)
    expect(planned.err).toContain(
      'Jo Doe waived policy/frequency-cap until 2020-03-31, and that day is over.',
    )
    expect((await world.apply()).exitCode).toBe(0)
    expect((await world.sync()).exitCode).toBe(0)
  })
})
