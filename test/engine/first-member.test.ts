import { describe, expect, test } from 'vitest'
import { findRightful } from '../../src/engine/read-first.ts'
import { bucketOf, holdoutBucketOf } from '../../src/membership/stage.ts'
import type { Audience } from '../../src/model/audience.ts'
import { failureOf } from '../../src/model/failure.ts'
import type { Member } from '../../src/model/membership.ts'
import { anAudience } from '../support/audience.ts'
import { openRun, openShop, type Shop, somePeople } from '../support/reading.ts'

const findFirst = async (shop: Shop, audience: Audience): Promise<Member | undefined> => {
  for await (const member of findRightful(await openRun(shop), audience)) return member
  return undefined
}

const find = (shop: Shop, change: Partial<Audience> = {}) =>
  findFirst(shop, anAudience(change)).catch((error: unknown) => failureOf(error)?.code ?? error)

const personOf = async (shop: Shop, change: Partial<Audience>): Promise<string | undefined> => {
  const found = await find(shop, change)
  return typeof found === 'object' && found !== null && 'person' in found ? String(found.person) : undefined
}

/** People without an identifier. */
const nobody = (count: number) => somePeople(count).map(({ person }) => ({ person, value: undefined }))

describe('the first member of a cohort', () => {
  test('is taken from a small page', async () => {
    const shop = openShop(10)
    expect(await find(shop)).toEqual({ person: 'c_1', identifier: 'usr_1' })
    expect(shop.calls).toEqual(['id from the beginning, 100'])
  })

  test('is the first who can be sent', async () => {
    const shop = openShop(10)
    shop.people[0] = { person: 'c_1', value: undefined }
    shop.people[1] = { person: 'c_2', value: 'guest' }
    expect(await find(shop)).toEqual({ person: 'c_3', identifier: 'usr_3' })
  })

  test('is nobody where nobody can be sent, and where paging comes to no end', async () => {
    const shop = openShop(0)
    expect(await find(shop)).toBe(undefined)
    const endless = openShop(0)
    endless.onPage = n => ({ people: [], next: `cursor-${n}` })
    expect(await find(endless)).toBe(undefined)
    const crowded = openShop(10)
    crowded.onPage = n => {
      if (n > 100) throw new Error('read without end')
      return { people: nobody(1_000), next: `cursor-${n}` }
    }
    expect(await find(crowded)).toBe(undefined)
    expect(crowded.calls).toHaveLength(11)
  })

  test.each<[string, (shop: Shop) => void, string]>([
    [
      'is gone',
      shop => {
        shop.segment = undefined
      },
      'source/missing',
    ],
    [
      'has another name since it was planned',
      shop => Object.assign(shop.segment ?? {}, { name: 'Everybody' }),
      'source/renamed',
    ],
  ])('is nobody of a segment that %s', async (_story, change, code) => {
    const shop = openShop(10)
    change(shop)
    expect(await find(shop)).toBe(code)
    expect(shop.calls).toEqual([])
  })

  test('is a tester at first', async () => {
    const shop = Object.assign(openShop(10), { testers: ['usr_7'] })
    const rollout = { stage: { kind: 'qa' }, holdoutPercent: 50 } as const
    expect(await personOf(shop, { rollout })).toBe('c_7')
  })

  test('is somebody whom the canary drew, and who is not held out', async () => {
    const people = somePeople(400)
    const rollout = { stage: { kind: 'canary', percent: 20 }, holdoutPercent: 30 } as const
    const expected = people.find(
      ({ person }) => bucketOf('vip', person) < 2_000 && holdoutBucketOf('vip', person) >= 3_000,
    )
    expect(await personOf(openShop(400), { rollout })).toBe(expected?.person)
  })

  test('of an attribute is taken from an export', async () => {
    const shop = openShop(10)
    const made = { exportId: 110, status: 'done', total: 10, description: '' } as const
    let closed = false
    Object.assign(shop.exports, {
      listExports: async () => [],
      startExport: async () => made,
      readPeople: async function* () {
        try {
          yield [
            { person: 'c_1', value: 'no number' },
            { person: 'c_2', value: '202-555-0123' },
          ]
          yield somePeople(2)
        } finally {
          closed = true
        }
      },
    } satisfies Shop['exports'])
    const key = { kind: 'attribute', attribute: 'phone', format: 'phone', country: 'US' } as const
    expect(await find(shop, { identifier: { key, minCoverage: 0.5 } })).toEqual({
      person: 'c_2',
      identifier: '+12025550123',
    })
    expect([shop.calls, closed]).toEqual([[], true])
  })
})
