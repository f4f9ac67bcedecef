import { cp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { WrittenPlan } from '../../src/model/generated/plan.ts'
import { digestAgain } from '../support/plan-document.ts'
import { openWorld, type World } from '../support/world.ts'

const ONE = { audiences: ['vip'], population: 800 }

const requestsOf = async (world: World) => [
  ...(await world.requests('moengage')),
  ...(await world.requests('customerio')),
]

const baseOf = async (world: World): Promise<string> => {
  const base = join(world.folder, 'base')
  await cp(join(world.folder, 'audiences'), base, { recursive: true })
  return base
}

describe('plan --offline', () => {
  test('opens no connection, makes no store, and says what it could not know', async () => {
    const world = await openWorld(ONE)
    const ended = await world.plan({ offline: true, json: true })
    expect(ended.exitCode).toBe(0)
    const plan = JSON.parse(ended.out)
    expect(plan).toMatchObject({
      offline: true,
      reads: { moengage_segments: { kind: 'not-tried' }, customerio_segments: { kind: 'not-tried' } },
      beliefs: { read: 0, recorded: 0 },
    })
    expect(plan.store_id).toBeUndefined()
    expect(plan.changes.map(({ action, belief }: Record<string, string>) => [action, belief])).toEqual([
      ['none', 'unknown'],
      ['none', 'unknown'],
    ])
    expect((await world.plan({ offline: true })).out).not.toContain('No changes.')
    expect(await requestsOf(world)).toEqual([])
    await expect(stat(join(world.folder, 'state'))).rejects.toThrow()
  })

  test('needs no key', async () => {
    const world = await openWorld(ONE)
    expect(
      (await world.plan({ offline: true, without: ['MOENGAGE_DATA_KEY', 'CUSTOMERIO_APP_KEY'] })).exitCode,
    ).toBe(0)
    expect((await world.plan({ without: ['MOENGAGE_DATA_KEY'] })).failed).toBe('config/no-key')
  })

  test('--base: what differs between two sets of files, all of it unknown', async () => {
    const world = await openWorld(ONE)
    const base = await baseOf(world)
    await world.edit('vip.yaml', { 'rollout.stage': 'qa' })
    const ended = await world.plan({ offline: true, base, json: true, detailedExitcode: true })
    expect(ended.exitCode).toBe(2)
    const [, binding] = JSON.parse(ended.out).changes
    expect(binding).toMatchObject({ address: 'binding.vip', action: 'update', belief: 'unknown' })
    expect(binding.attributes).toContainEqual(
      expect.objectContaining({ attribute: 'stage', before: 'live', after: 'qa', belief: 'unknown' }),
    )
    expect(await requestsOf(world)).toEqual([])
  })

  test('--detailed-exitcode is never 0: nobody looked', async () => {
    const world = await openWorld(ONE)
    const base = await baseOf(world)
    expect((await world.plan({ offline: true, base })).exitCode).toBe(0)
    const ended = await world.plan({ offline: true, base, detailedExitcode: true })
    expect(ended.exitCode).toBe(1)
    expect(ended.err).toContain('whether changes are pending is not known')
  })

  test('--base with mistakes: they are shown, and there is no plan', async () => {
    const world = await openWorld(ONE)
    const ended = await world.plan({ offline: true, base: join(world.folder, 'nowhere') })
    expect(ended).toMatchObject({ exitCode: 1, out: '' })
    expect(ended.err).toContain('There is no such folder')
  })

  test('--base without --offline is refused before anything is read', async () => {
    const world = await openWorld(ONE)
    expect((await world.plan({ base: 'elsewhere' })).failed).toBe('cli/base-needs-offline')
    expect(await requestsOf(world)).toEqual([])
  })

  test('apply refuses what was planned offline', async () => {
    const world = await openWorld(ONE)
    const out = join(world.folder, 'plan.json')
    const ended = await world.plan({ offline: true, out })
    expect(ended.err).toContain('apply refuses it')
    expect((await world.apply({ planFile: out })).failed).toBe('apply/offline-plan')
  })

  test('--only names declared audiences', async () => {
    const world = await openWorld(ONE)
    expect((await world.plan({ offline: true, only: ['vpi'] })).failed).toBe('cli/unknown-audience')
  })
})

describe('plan --comment', () => {
  test('is Markdown with the digest, whole or not at all, and small', async () => {
    const world = await openWorld(ONE)
    const comment = join(world.folder, 'plan.md')
    const { out } = await world.plan({ comment, json: true })
    const text = await readFile(comment, 'utf8')
    expect(text).toContain(String(JSON.parse(out).digest).slice(-64))
    expect(text).toContain('cohort.vip')
    expect(Buffer.byteLength(text)).toBeLessThan(60_000)
    const elsewhere = join(world.folder, 'no', 'plan.md')
    expect((await world.plan({ comment: elsewhere })).failed).toBe('cli/cannot-write')
  })

  test('stays under the limit with hundreds of audiences', async () => {
    const world = await openWorld(ONE)
    const text = await world.read('vip.yaml')
    await world.edit('workspace.yaml', { budget: { synced: 1000, warn_above: 900 } })
    for (let n = 1; n <= 300; n++) {
      const own = text.replace('id: vip', `id: vip-${n}`).replace('ORC__Vip__365d', `ORC__Vip${n}__365d`)
      await world.write(`vip-${n}.yaml`, own)
    }
    const comment = join(world.folder, 'plan.md')
    expect((await world.plan({ offline: true, base: await emptyBase(world), comment })).exitCode).toBe(0)
    expect((await stat(comment)).size).toBeLessThanOrEqual(60_000)
  })
})

/** The branch to be merged into, before there was any audience but one. */
const emptyBase = async (world: World): Promise<string> => {
  const base = await baseOf(world)
  for (let n = 1; n <= 300; n++) await rm(join(base, `vip-${n}.yaml`))
  return base
}

describe('a plan file with both digests made anew', () => {
  test.each`
    planned_at                    | expires_at                    | code                     | why
    ${'2026-11-23T10:00:00.000Z'} | ${'2026-11-30T10:00:00.001Z'} | ${'apply/plan-tampered'} | ${'lasts longer than any plan'}
    ${'2026-11-23T10:00:00.000Z'} | ${'9999-12-31T23:59:59.999Z'} | ${'apply/plan-tampered'} | ${'lasts for ever'}
    ${'2026-11-24T10:00:00.001Z'} | ${'2026-12-01T10:00:00.001Z'} | ${'apply/plan-ahead'}    | ${'is of more than a day ahead'}
    ${'2026-11-24T10:00:00.000Z'} | ${'2026-12-01T10:00:00.000Z'} | ${undefined}             | ${'is of a machine whose clock is a day ahead'}
    ${'2026-11-16T10:00:00.000Z'} | ${'2026-11-23T10:00:00.000Z'} | ${'apply/expired-plan'}  | ${'is a week old'}
  `('that $why: $code', async ({ planned_at, expires_at, code }) => {
    const world = await openWorld(ONE)
    const out = join(world.folder, 'plan.json')
    await world.plan({ out })
    const plan = JSON.parse(await readFile(out, 'utf8')) as WrittenPlan
    await writeFile(out, JSON.stringify(digestAgain({ ...plan, planned_at, expires_at })))
    const ended = await world.apply({ planFile: out, yes: false })
    expect([ended.failed, ended.exitCode]).toEqual([code, code ? 1 : 0])
  })
})

describe('apply --only', () => {
  test('applies that audience, and leaves the others to the next plan', async () => {
    const world = await openWorld({ audiences: ['vip', 'winback'], population: 800 })
    expect((await world.apply({ only: ['vip'] })).exitCode).toBe(0)
    expect([...(await world.state()).objects.keys()].sort()).toEqual(['binding.vip', 'cohort.vip'])
    expect((await world.plan({ only: ['vip'] })).out).toContain('No changes.')
    expect((await world.plan()).out).toContain('cohort.winback')
  })

  test('refuses to narrow down what was reviewed, and an audience that nobody knows', async () => {
    const world = await openWorld(ONE)
    const out = join(world.folder, 'plan.json')
    await world.plan({ out })
    expect((await world.apply({ planFile: out, only: ['vip'] })).failed).toBe('cli/only-with-plan')
    expect((await world.apply({ only: ['vpi'] })).failed).toBe('cli/unknown-audience')
    expect((await requestsOf(world)).filter(({ write }) => write)).toEqual([])
  })
})
