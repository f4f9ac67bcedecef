import { describe, expect, test } from 'vitest'
import { openWorld, type World } from '../support/world.ts'

/** With the rules of the playbook, which other worlds leave out. */
const openVip = async (): Promise<World> => {
  const world = await openWorld({ audiences: ['vip'], population: 500 })
  await world.edit('workspace.yaml', { policy: undefined })
  return world
}
const KEYS = ['CUSTOMERIO_APP_KEY', 'MOENGAGE_DATA_KEY']

describe('a code', () => {
  test('is explained where there is no programme, no key and no store', async () => {
    const world = await openVip()
    const { exitCode, out } = await world.explain('guard/max-removal', { dir: 'nowhere', without: KEYS })
    expect(exitCode).toBe(0)
    expect(out).toMatchInlineSnapshot(`
      "guard/max-removal  More would leave than the guards allow

      Why: Removing people is the dangerous act: a segment that somebody edited empties a cohort overnight.

      Way out: Look at the segment. If it is right: \`--allow <id>:max-removal:"why"\`, or a wider \`guards.max_removal\`.
      "
    `)
  })

  test('may be copied with its brackets, and a rule shows its samples', async () => {
    const world = await openVip()
    const { out } = await world.explain('[policy/naming]')
    expect(out).toContain('policy/naming  Name does not follow the convention')
    expect(out).toContain('\nBad\n\n    # audiences/cart-abandon.yaml\n    name: Cart people new\n')
    expect(out).not.toContain('```')
  })

  test('is data for machines', async () => {
    const world = await openVip()
    const { out } = await world.explain('store/busy', { json: true })
    expect(JSON.parse(out)).toMatchObject({
      code: 'store/busy',
      summary: 'The store is in use by another process',
      text: expect.stringContaining('Way out: Wait for the other muster'),
    })
  })

  test('that is misspelt is guessed, and a path is no code', async () => {
    const world = await openVip()
    expect(await world.explain('guard/max-removel')).toMatchObject({
      exitCode: 1,
      failed: 'explain/unknown-code',
      err: expect.stringContaining('did you mean "guard/max-removal"?'),
    })
    expect(await world.explain('../../package')).toMatchObject({ failed: 'explain/unknown-code' })
  })
})

describe('an audience', () => {
  test('before its first apply: what a plan would do, and that nothing is recorded', async () => {
    const world = await openVip()
    const { exitCode, out } = await world.explain('vip')
    expect(exitCode).toBe(0)
    expect(out).toContain('+ cohort.vip')
    expect(out).toContain('Nothing is recorded of it in this environment.')
    expect((await world.state()).storeId).toBeUndefined()
  })

  test('tells who owns it, why it changes, which rule it meets, and what is believed since when', async () => {
    const world = await openVip()
    await world.settle()
    await world.sync()
    await world.advance('3d')
    await world.edit('vip.yaml', { rollout: { stage: 'paused' }, description: 'VIP' })
    await world.forgetRequests()
    const { exitCode, out } = await world.explain('vip')
    expect(exitCode).toBe(0)
    expect(out.replaceAll(world.folder, '')).toMatchInlineSnapshot(`
      "acme-d2c · local  Customer.io us → MoEngage ACME01_DEBUG (data center 01)

      vip
        cohort         ORC__Vip__365d
        owner          loyalty, loyalty@example.com; approved by @acme/loyalty
        changed by     Approval from loyalty; tell customer care when the definition changes.
        source         segment 11 "VIP customers"
        identifier     id
        stage          paused, synced every 20m
        lateness       at worst 25 min: 20 min to the next sync and 5 min for a scheduler that is late
        members        39 members accepted by MoEngage; last synced 3 d ago

      VIP

      What a plan would do, and why
      vip
        ~ binding.vip  differs from its file
            stage        live → paused  (recorded, 3 d)
            description  [-Three orders or more, worth over 500 together. Served by hand, so standard journeys leave them out.-]{+VIP+}  (recorded, 3 d)

      warning: Description does not say who and why [policy/description]
        /audiences/vip.yaml:4:14

          3 | name: ORC__Vip__365d
        > 4 | description: VIP
            |              ^^^
          5 | intent: orchestration

        It repeats the name and the segment, which everybody can read already.
        hint: write two sentences: who they are, then what they get or are spared

      warning: Nothing uses this audience [policy/unused]
        /audiences/vip.yaml:5:9

          4 | description: VIP
        > 5 | intent: orchestration
            |         ^^^^^^^^^^^^^
          6 | use_case: vip-care

        It names no channel in MoEngage and no campaign, and no audience leaves its people out.
        hint: say what uses it, as in used_by: ["Cart reminder push"], or delete this file

      More: muster explain policy/description
      More: muster explain policy/unused

      What is believed
        binding.vip  created, recorded 3 d ago; known to our record alone
            source_segment   11
            source_name      VIP customers
            cohort           ORC__Vip__365d
            identifier       id
            min_coverage     95%
            exit             remove
            stage            live
            holdout_percent  0
            intent           orchestration
            use_case         vip-care
            description      Three orders or more, worth over 500 together. Served by hand, so standard journeys leave them out.
            owner            loyalty
            contact          loyalty@example.com
            approvers        @acme/loyalty
            change_process   Approval from loyalty; tell customer care when the definition changes.
            window           365d
            sync_every       20m
            channels         (empty)
            max_removal      30%
            max_growth       100%
            max_members      5000000
            guard_floor      100
            min_match_rate   50%
            protected        false
            partner          muster
        cohort.vip  created, recorded 3 d ago; read just now, as far as it can be
            name       ORC__Vip__365d
            cohort_id  acme-d2c-vip-g1
      "
    `)
    const wrote = (await world.requests('moengage')).filter(({ write }) => write)
    expect(wrote).toEqual([])
  })

  test('does not say that it waits for suppressions that another plan would make', async () => {
    const world = await openWorld({ population: 500 })
    const { out } = await world.explain('cart-abandon')
    expect(out).toContain('+ sendable.cart-abandon')
    expect(out).not.toContain('apply/will-wait')
  })

  test('tells what only a store can answer, such as that it goes live untried', async () => {
    const world = await openVip()
    await world.edit('vip.yaml', { rollout: { stage: 'qa' } })
    await world.apply()
    await world.edit('vip.yaml', { rollout: { stage: 'live' } })
    const { out } = await world.explain('vip')
    expect(out).toContain('[policy/qa-first]')
    expect(out).toContain('More: muster explain policy/qa-first')
  })

  test('one object of it, by its address', async () => {
    const world = await openVip()
    await world.settle()
    const { out } = await world.explain('cohort.vip')
    expect(out).toContain('A plan would change nothing.')
    expect(out).toMatch(/cohort\.vip {2}created, recorded just now; read just now, as far as it can be\n/)
    expect(out).not.toContain('binding.vip')
  })

  test('offline: from files and store, without a key', async () => {
    const world = await openVip()
    await world.settle()
    const { exitCode, out } = await world.explain('vip', { offline: true, without: KEYS })
    expect(exitCode).toBe(0)
    expect(out).toContain('no vendor was looked at')
    expect(out).toContain('not compared with anything')
    expect(await world.explain('vip', { without: KEYS })).toMatchObject({ failed: 'config/no-key' })
  })

  test('that has no file any more: the record remembers who decided', async () => {
    const world = await openWorld({ audiences: ['vip', 'active-in-app'], population: 500 })
    await world.settle()
    await world.remove('vip.yaml')
    const { out } = await world.explain('vip')
    expect(out).toContain('none: what is recorded is to be retired')
    expect(out).toContain('loyalty@example.com, when it was last applied')
    expect(out).toContain('- cohort.vip')
  })

  test('is data for machines, without anybody’s identifier', async () => {
    const world = await openVip()
    await world.settle()
    await world.sync()
    const { out } = await world.explain('vip', { json: true })
    expect(JSON.parse(out)).toMatchObject({
      id: 'vip',
      declared: true,
      owner: { team: 'loyalty' },
      store: { id: 'vip', cohort: 'ORC__Vip__365d' },
      plan: { only: ['vip'], changes: expect.any(Array) },
    })
    expect(out).not.toContain('usr_')
  })

  test('that nobody declared', async () => {
    const world = await openVip()
    expect(await world.explain('vpi')).toMatchObject({
      failed: 'cli/unknown-audience',
      err: expect.stringContaining('There is no audience "vpi"'),
    })
  })
})
