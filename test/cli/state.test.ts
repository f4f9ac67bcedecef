import { existsSync } from 'node:fs'
import { copyFile, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { openWorld, type World } from '../support/world.ts'

const ONE = { audiences: ['vip'], population: 800 }
const TWO = { audiences: ['vip', 'winback'], population: 800 }

const writesOf = async (world: World) =>
  [...(await world.requests('moengage')), ...(await world.requests('customerio'))].filter(
    ({ write }) => write,
  )

const addressesOf = async (world: World) => [...(await world.state()).objects.keys()].sort()

/** Everything that lies where the store was, but for the log. */
const loseStore = async (world: World, what: 'store' | 'store and log'): Promise<void> => {
  for (const ending of ['', '.state.json', '.wal']) await rm(`${world.storePath}${ending}`, { force: true })
  if (what === 'store and log') await rm(`${world.storePath}.log.jsonl`, { force: true })
}

describe('list and show', () => {
  test('there is no store yet, and looking makes none', async () => {
    const world = await openWorld(ONE)
    expect(await world.stored.list()).toMatchObject({ exitCode: 0, out: 'There is no store yet.\n' })
    expect((await world.state()).storeId).toBeUndefined()
  })

  test('every object with its id; all of one; what is not there is no bug', async () => {
    const world = await openWorld(ONE)
    await world.settle()
    const list = await world.stored.list()
    expect(list.out).toMatch(/cohort\.vip +seen +created +\S+ +just now/)
    const shown = await world.stored.show('cohort.vip', { json: true })
    expect(JSON.parse(shown.out)).toMatchObject({
      address: 'cohort.vip',
      attributes: { name: 'ORC__Vip__365d', cohort_id: 'acme-d2c-vip-g1' },
    })
    expect(await world.stored.show('cohort.vpi')).toMatchObject({
      exitCode: 1,
      failed: 'state/unknown-address',
      err: expect.stringContaining('did you mean "cohort.vip"?'),
    })
  })

  test('answers while another process holds the store, and names the holder', async () => {
    const world = await openWorld(ONE)
    await world.settle()
    const store = await world.openStore()
    try {
      const { out } = await world.stored.list({ json: true })
      expect(JSON.parse(out)).toMatchObject({ lock: { owner: 'tester@example', command: 'test' } })
    } finally {
      await store.close()
    }
  })
})

describe('mv', () => {
  test('moves record and ledger; with the file renamed too, nothing is left to do', async () => {
    const world = await openWorld(ONE)
    await world.settle()
    await world.sync()
    const members = (await world.state()).members.get('vip')
    await world.forgetRequests()
    const moved = await world.stored.move('vip', 'big-spenders')
    expect(moved.out).toBe(
      `Moved 2 objects and ${members} recorded members from "vip" to "big-spenders". No vendor was called.\n`,
    )
    await world.edit('vip.yaml', { id: 'big-spenders' })
    await world.rename('vip.yaml', 'big-spenders.yaml')
    expect((await world.plan()).out).toContain('No changes.')
    const { members: after, synced } = await world.state()
    expect([...after]).toEqual([['big-spenders', members]])
    expect([...synced.keys()]).toEqual(['big-spenders'])
    expect(await writesOf(world)).toEqual([])
  })

  test('what points at it follows', async () => {
    const world = await openWorld({ population: 800 })
    await world.settle()
    await world.stored.move('vip', 'big-spenders')
    const { objects } = await world.state()
    expect(objects.get('sendable.cart-abandon')?.attributes.exclude).toContain('cohort.big-spenders')
    expect([...objects.keys()].filter(address => address.endsWith('.vip'))).toEqual([])
  })

  test.each`
    story                         | from     | to           | code
    ${'an id with a record'}      | ${'vip'} | ${'winback'} | ${'state/id-in-use'}
    ${'an audience nobody knows'} | ${'vpi'} | ${'other'}   | ${'state/unknown-audience'}
    ${'an id that is no id'}      | ${'vip'} | ${'V.I.P'}   | ${'state/bad-id'}
    ${'onto itself'}              | ${'vip'} | ${'vip'}     | ${'state/id-in-use'}
  `('refuses $story, and moves nothing', async ({ from, to, code }) => {
    const world = await openWorld(TWO)
    await world.settle()
    const before = await addressesOf(world)
    expect(await world.stored.move(from, to)).toMatchObject({ exitCode: 1, failed: code })
    expect(await addressesOf(world)).toEqual(before)
  })
})

describe('rm', () => {
  test('forgets an audience, keeps its names, and calls nobody', async () => {
    const world = await openWorld(TWO)
    await world.settle()
    await world.sync()
    await world.forgetRequests()
    const ended = await world.stored.forget('vip')
    expect(ended.out).toContain('nobody will be removed from the cohort any more')
    expect(ended.exitCode).toBe(0)
    const { objects, tombstones, members } = await world.state()
    expect([...objects.keys()].filter(address => address.endsWith('.vip'))).toEqual([])
    expect(tombstones.get('ORC__Vip__365d')).toMatchObject({
      reason: 'forgotten',
      cohortId: 'acme-d2c-vip-g1',
    })
    expect(members.has('vip')).toBe(false)
    expect(await writesOf(world)).toEqual([])
  })

  test('only a literal yes is one, and without anybody to ask nothing happens', async () => {
    const world = await openWorld(ONE)
    await world.settle()
    expect((await world.stored.forget('vip', { yes: false })).failed).toBe('cli/cannot-ask')
    world.answer('y')
    expect((await world.stored.forget('vip', { yes: false })).exitCode).toBe(1)
    expect(await addressesOf(world)).toEqual(['binding.vip', 'cohort.vip'])
    world.answer('yes')
    expect((await world.stored.forget('vip', { yes: false })).exitCode).toBe(0)
    expect(await addressesOf(world)).toEqual([])
  })

  test('protection outlives the file', async () => {
    const world = await openWorld(TWO)
    await world.edit('vip.yaml', { protected: true })
    await world.settle()
    await world.remove('vip.yaml')
    for (const target of ['vip', 'cohort.vip'])
      expect((await world.stored.forget(target)).failed).toBe('guard/protected')
  })

  test('what others leave out stays', async () => {
    const world = await openWorld({ population: 800 })
    await world.settle()
    expect(await world.stored.forget('vip')).toMatchObject({
      failed: 'state/still-used',
      err: expect.stringContaining('sendable.cart-abandon'),
    })
  })

  test('one object: its sendable segment alone', async () => {
    const world = await openWorld({ population: 800 })
    await world.edit('cart-abandon.yaml', { protected: false })
    await world.settle()
    const before = await addressesOf(world)
    expect((await world.stored.forget('sendable.cart-abandon')).exitCode).toBe(0)
    expect(await addressesOf(world)).toEqual(before.filter(each => each !== 'sendable.cart-abandon'))
  })
})

/** The files as a process leaves them that is killed while it holds the store. */
const leaveLock = async (world: World): Promise<void> => {
  const store = await world.openStore()
  const kept = ['', '.wal', '.state.json'].map(ending => `${world.storePath}${ending}`).filter(existsSync)
  for (const path of kept) await copyFile(path, `${path}.kept`)
  await store.close()
  for (const path of kept) await rename(`${path}.kept`, path)
}

describe('unlock', () => {
  test('removes the lock of a run that ended without a word, by its id alone', async () => {
    const world = await openWorld(ONE)
    await world.settle()
    await leaveLock(world)
    expect((await world.stored.unlock('some-id')).failed).toBe('store/other-lock')
    const { lock } = JSON.parse((await world.stored.list({ json: true })).out) as { lock: { id: string } }
    const ended = await world.stored.unlock(lock.id)
    expect(ended.out).toBe(`Removed lock ${lock.id} of \`muster test\` by tester@example, taken just now.\n`)
    expect((await world.state()).lock).toBeUndefined()
  })

  test('there is no lock: nothing is to be done', async () => {
    const world = await openWorld(ONE)
    await world.settle()
    expect(await world.stored.unlock('some-id')).toMatchObject({ exitCode: 1, failed: 'store/no-such-lock' })
  })
})

describe('rebuild', () => {
  test('from the log: everything as it was, members apart, and the next plan is empty', async () => {
    const world = await openWorld({ population: 800 })
    await world.settle()
    await world.sync()
    const before = await world.state()
    await loseStore(world, 'store')
    await world.forgetRequests()
    const ended = await world.stored.rebuild()
    expect(ended.exitCode).toBe(0)
    expect(ended.out).toContain('as the log says')
    expect(ended.out).toContain('cohort.vip: who was sent to it.')
    expect(ended.out).toContain('identifiers that MoEngage refused: each of them is tried once more')
    expect(ended.out).not.toContain('names used and given up')
    expect(await writesOf(world)).toEqual([])
    const after = await world.state()
    expect(after.objects).toEqual(before.objects)
    expect(after.tombstones).toEqual(before.tombstones)
    expect(new Map(after.evidence)).toEqual(new Map(before.evidence))
    expect([...after.members]).toEqual([])
    expect(after.storeId).not.toBeUndefined()
    expect((await world.plan()).out).toContain('No changes.')
    expect((await world.sync()).exitCode).toBe(0)
  })

  test('without a log: by name, adopted, and the next plan is empty all the same', async () => {
    const world = await openWorld({ population: 800 })
    await world.settle()
    const before = await addressesOf(world)
    await loseStore(world, 'store and log')
    const ended = await world.stored.rebuild()
    expect(ended.out).toContain('There is no log of the lost store.')
    expect(ended.out).toContain('cohort_id acme-d2c-vip-g1')
    for (const lost of ['names used and given up', 'QA runs', 'counted as adopted', 'muster state restore'])
      expect(ended.out).toContain(lost)
    expect(ended.exitCode).toBe(0)
    expect(await addressesOf(world)).toEqual(before)
    const { objects } = await world.state()
    expect([objects.get('cohort.vip')?.origin, objects.get('cohort.vip')?.status]).toEqual([
      'adopted',
      'seen',
    ])
    expect((await world.plan()).out).toContain('No changes.')
  })

  test('a damaged log: said, and what it lacks is looked up', async () => {
    const world = await openWorld(TWO)
    await world.apply({ only: ['vip'] })
    const log = `${world.storePath}.log.jsonl`
    const lines = (await readFile(log, 'utf8')).split('\n')
    await world.apply({ only: ['winback'] })
    await loseStore(world, 'store')
    await writeFile(log, [...lines.slice(0, -1), '{"head": 99, "wri'].join('\n'))
    const ended = await world.stored.rebuild()
    expect(ended.out).toContain('1 line of it cannot be read: the latest changes may be missing.')
    expect(ended.out).toMatch(/cohort\.vip +\S+ +as the log says/)
    expect(ended.out).toMatch(/cohort\.winback +\S+ +listed under its declared name/)
    expect((await world.plan()).out).toContain('No changes.')
  })

  test('a store that cannot be opened has to be moved away first', async () => {
    const world = await openWorld(ONE)
    await world.settle()
    await writeFile(world.storePath, 'no store')
    expect(await world.stored.rebuild()).toMatchObject({
      failed: 'store/unreadable',
      err: expect.stringContaining('then run the same command again'),
    })
  })

  test('the log of another account is not taken for this one', async () => {
    const world = await openWorld(ONE)
    await world.settle()
    await loseStore(world, 'store')
    await world.edit('workspace.yaml', { 'environments.local.moengage.workspace_id': 'OTHER01_DEBUG' })
    expect((await world.stored.rebuild()).failed).toBe('store/other-target')
  })

  test('what is not there is left to the next plan', async () => {
    const world = await openWorld(TWO)
    await world.apply({ only: ['vip'] })
    await loseStore(world, 'store and log')
    const { out } = await world.stored.rebuild({ json: true })
    expect(JSON.parse(out)).toMatchObject({
      log: null,
      missing: ['cohort.winback', 'binding.winback'],
      lost_members: ['cohort.vip'],
      not_recovered: expect.arrayContaining(['times', 'open_outcomes', 'history', 'used_names']),
    })
    expect(await addressesOf(world)).toEqual(['binding.vip', 'cohort.vip'])
  })

  test('refuses while there is a store that holds anything', async () => {
    const world = await openWorld(ONE)
    await world.settle()
    expect(await world.stored.rebuild()).toMatchObject({ exitCode: 1, failed: 'state/store-in-use' })
  })

  test('refuses when a list cannot be read, and asks before it records', async () => {
    const world = await openWorld(ONE)
    await world.settle()
    await loseStore(world, 'store')
    await world.fault('moengage', {
      match: { route: '/v3/custom-segments' },
      kind: 'status',
      status: 503,
      times: 'always',
    })
    expect((await world.stored.rebuild()).failed).toBe('guard/unverified')
    await world.ask('moengage', 'faults', undefined, 'DELETE')
    world.answer('no')
    expect((await world.stored.rebuild({ yes: false })).exitCode).toBe(1)
    expect((await world.state()).storeId).toBeUndefined()
  })

  test('tombstones and protection come back from the log', async () => {
    const world = await openWorld(TWO)
    await world.edit('vip.yaml', { protected: true })
    await world.settle()
    await world.remove('winback.yaml')
    await world.settle()
    await loseStore(world, 'store')
    await world.remove('vip.yaml')
    await world.write('other.yaml', OTHER)
    expect((await world.stored.rebuild()).exitCode).toBe(0)
    const { tombstones, objects } = await world.state()
    expect([...tombstones.keys()]).toEqual(['ACT__Winback__60d'])
    expect(objects.get('binding.vip')?.attributes.protected).toBe(true)
    expect((await world.plan()).out).toContain('guard/protected')
  })
})

const OTHER = `id: other
name: ACT__Other__1d
description: Somebody else.
intent: activation
use_case: other
owner: { team: growth, contact: growth@example.com, approvers: ["@acme/growth"] }
source: { segment: 19, name: "Never ordered" }
exit: { rule: remove }
timing: { window: 1d, sync_every: 1d }
rollout: { stage: live }
`
