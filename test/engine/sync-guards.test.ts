import { describe, expect, test } from 'vitest'
import { limitLookups } from '../../src/engine/match-rate.ts'
import { FailureError } from '../../src/model/failure.ts'
import type { SyncEnd } from '../../src/model/outcome.ts'
import type { UserLookup } from '../../src/ports.ts'
import { renderSyncJson } from '../../src/render/sync-json.ts'
import { anAudience } from '../support/audience.ts'
import { openSyncWorld, refusal, someUsers } from '../support/sync-world.ts'

const vip = anAudience()
const onTrial = anAudience({ rollout: { stage: { kind: 'qa' }, holdoutPercent: 0 } })
const QA = { qa: { testers: ['usr_001', 'usr_002', 'usr_900'], isRequired: true } }

/** Knows these and nobody else. */
const knowing = (known: readonly string[]): UserLookup => {
  const set = new Set(known)
  return { countKnown: async identifiers => identifiers.filter(each => set.has(each)).length }
}

const codesOf = ({ reports }: SyncEnd): readonly string[] =>
  reports.flatMap(({ findings }) => findings.map(({ code }) => code))

describe('before many are added, a sample of them is looked up', () => {
  test('mostly strangers are not added, until a person says that it is right', async () => {
    const world = await openSyncWorld({ audiences: [vip], users: knowing(someUsers(60)) })
    world.people('vip', someUsers(150))
    const stopped = await world.sync()
    expect([codesOf(stopped), world.row(stopped, 'vip').matchRate, world.calls]).toEqual([
      ['guard/match-rate'],
      0.4,
      [],
    ])
    expect(world.row(stopped, 'vip').refused).toEqual(['match-rate'])

    const allow = [{ audience: 'vip', guard: 'match-rate', reason: 'new app' }] as const
    const passed = await world.sync({ allow })
    expect([codesOf(passed), world.members('vip').length]).toEqual([[], 150])
  })

  test('the rate stands in the row after the fields that scripts rely on', async () => {
    const world = await openSyncWorld({ audiences: [vip], users: knowing(someUsers(149)) })
    world.people('vip', someUsers(150))
    const { reports } = await world.sync()
    const row = JSON.parse(renderSyncJson(reports)) as Record<string, unknown>
    expect(row.match_rate).toBe(0.993)
    expect(Object.keys(row).indexOf('match_rate')).toBeGreaterThan(9)
  })

  test('what leaves goes all the same', async () => {
    const world = await openSyncWorld({ audiences: [vip], users: knowing(someUsers(5)) })
    world.people('vip', someUsers(5))
    await world.sync()
    await world.store.commit([{ kind: 'synced', audience: 'vip' }])
    world.people('vip', ['usr_001', ...someUsers(150, 200)])
    await world.sync()
    expect(world.members('vip')).toEqual(['usr_001'])
  })

  test('nobody is looked up whom another guard keeps out', async () => {
    let lookups = 0
    const users: UserLookup = {
      countKnown: async () => {
        lookups += 1
        return 0
      },
    }
    const limits = { ...vip.limits, maxMembers: 100 }
    const world = await openSyncWorld({ audiences: [anAudience({ limits })], users })
    world.people('vip', someUsers(150))
    expect([codesOf(await world.sync()), lookups]).toEqual([['guard/max-members'], 0])
  })

  test('a refused look-up is a warning, and everybody is added', async () => {
    const users: UserLookup = {
      countKnown: async () => {
        throw new FailureError(refusal('provider/forbidden', 403))
      },
    }
    const world = await openSyncWorld({ audiences: [vip], users })
    world.people('vip', someUsers(150))
    const end = await world.sync()
    expect(end.reports[0]?.findings.map(({ code, severity }) => `${severity} ${code}`)).toEqual([
      'warning sync/match-rate-unknown',
    ])
    expect([world.row(end, 'vip').matchRate, world.members('vip').length]).toEqual([undefined, 150])
  })
})

describe('what a person let pass', () => {
  test('is kept for the next plan, with its reason', async () => {
    const world = await openSyncWorld({ audiences: [vip] })
    world.people('vip', someUsers(5))
    await world.sync()
    world.people('vip', [])
    await world.sync({ allow: [{ audience: 'vip', guard: 'empty-source', reason: 'it has ended' }] })
    const { allowances } = await world.state()
    expect([...allowances.values()]).toEqual([
      { audience: 'vip', guard: 'empty-source', reason: 'it has ended', at: world.now, runId: 'run-2' },
    ])
  })

  test('is nothing where the guard had nothing to say', async () => {
    const world = await openSyncWorld({ audiences: [vip] })
    world.people('vip', someUsers(5))
    await world.sync({ allow: [{ audience: 'vip', guard: 'empty-source', reason: 'in case' }] })
    expect((await world.state()).allowances.size).toBe(0)
  })
})

describe('a sync in the stage qa', () => {
  const trial = { source: 'segment 11 "VIP customers"', identifier: 'id' }

  test('is evidence of what was tried, with how many testers were accepted and are known', async () => {
    const users = knowing(['usr_001', 'usr_900'])
    const world = await openSyncWorld({ audiences: [onTrial], workspace: QA, users })
    world.people('vip', someUsers(50))
    await world.sync()
    expect(world.members('vip')).toEqual(['usr_001', 'usr_002'])
    expect((await world.state()).evidence.get('vip')).toEqual({
      audience: 'vip',
      at: world.now,
      runId: 'run-1',
      ...trial,
      testers: 3,
      accepted: 2,
      resolved: 2,
    })
  })

  test('is evidence without a count where nobody could be asked', async () => {
    const users = limitLookups(knowing([]), 0)
    const world = await openSyncWorld({ audiences: [onTrial], workspace: QA, users })
    world.people('vip', someUsers(50))
    await world.sync()
    expect((await world.state()).evidence.get('vip')).not.toHaveProperty('resolved')
  })

  test('is evidence again when nothing had to be sent', async () => {
    const world = await openSyncWorld({ audiences: [onTrial], workspace: QA })
    world.people('vip', someUsers(50))
    await world.sync()
    world.forgetCalls()
    world.now = '2026-11-24T10:00:00.000Z'
    await world.sync()
    expect([world.calls, (await world.state()).evidence.get('vip')?.at]).toEqual([[], world.now])
  })

  test.each<[string, readonly string[], () => ReturnType<typeof refusal> | undefined]>([
    ['has no tester in its source', someUsers(50, 100), () => undefined],
    ['was refused', someUsers(50), () => refusal('provider/forbidden', 403)],
  ])('that %s is none', async (_story, people, answer) => {
    const world = await openSyncWorld({ audiences: [onTrial], workspace: QA })
    world.people('vip', people)
    world.answer = answer
    await world.sync()
    expect((await world.state()).evidence.size).toBe(0)
  })

  test('that a guard stopped is none', async () => {
    const world = await openSyncWorld({ audiences: [onTrial], workspace: QA })
    world.people('vip', someUsers(50))
    await world.sync()
    await world.store.commit([
      { kind: 'evidence', evidence: { audience: 'vip', at: '', runId: '', ...trial, accepted: 0 } },
    ])
    world.people('vip', [])
    await world.sync()
    expect((await world.state()).evidence.get('vip')?.at).toBe('')
  })

  test('of everybody is no trial', async () => {
    const world = await openSyncWorld({ audiences: [vip], workspace: QA })
    world.people('vip', someUsers(50))
    await world.sync()
    expect((await world.state()).evidence.size).toBe(0)
  })
})

describe('a cohort that nothing may have used for long', () => {
  test.each([
    ['49 days', '2027-01-08T10:00:00.000Z', []],
    ['50 days', '2027-01-09T10:00:00.000Z', ['sync/heartbeat']],
    ['nearly 60 days', '2027-01-19T09:59:59.999Z', ['sync/heartbeat']],
    ['60 days, and it is listed: something runs it', '2027-01-19T10:00:00.000Z', []],
  ])('%s after it was recorded', async (_age, now, codes) => {
    const world = await openSyncWorld({ audiences: [vip] })
    world.people('vip', someUsers(5))
    world.now = now
    const end = await world.sync()
    expect([codesOf(end), end.reports[0]?.findings.every(({ severity }) => severity === 'warning')]).toEqual([
      codes,
      true,
    ])
    expect(world.members('vip')).toEqual(someUsers(5))
  })
})
