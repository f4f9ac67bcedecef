import { describe, expect, test } from 'vitest'
import { aFailure, openShop, readOnce, somePeople } from '../support/reading.ts'

describe('pages that cannot be the segment', () => {
  test('a cursor that came before', async () => {
    const shop = openShop(10)
    shop.onPage = (n, start) => (n === 3 ? { people: somePeople(1), next: start ?? '' } : undefined)
    expect(await readOnce(shop)).toMatchObject({ outcome: 'cursor-repeated' })
    expect(shop.calls).toHaveLength(3)
  })

  test('nobody before the end', async () => {
    const shop = openShop(10)
    shop.onPage = n => (n === 2 ? { people: [], next: '9' } : undefined)
    expect(await readOnce(shop)).toMatchObject({ outcome: 'empty-page', people: 3 })
    expect(shop.calls).toHaveLength(2)
  })

  test('fresh cursors without end, and people without end', async () => {
    const shop = openShop(10)
    shop.onPage = n => ({ people: somePeople(1_000, n * 1_000), next: `cursor-${n}` })
    expect(await readOnce(shop)).toMatchObject({ outcome: 'too-many-people', rows: 11_000 })
  })

  test('the same people on fresh pages without end', async () => {
    const shop = openShop(10)
    shop.onPage = n => ({ people: somePeople(1_000), next: `cursor-${n}` })
    expect(await readOnce(shop)).toMatchObject({ outcome: 'too-many-people', people: 1_000 })
  })
})

test('people who enter and leave while pages are read are told of, and a few of them are no trouble', async () => {
  const shop = openShop(10)
  shop.onPage = (n, start) => {
    if (n !== 2) return undefined
    // Somebody on the first page leaves: the rest moves up, and one is shown on no page.
    shop.people = shop.people.slice(1)
    const from = Number(start)
    return { people: shop.people.slice(from, from + 3), next: String(from + 3) }
  }
  expect(await readOnce(shop)).toMatchObject({ people: 9, outcome: 'count-disagrees' })
})

test('a failure of the first page is a failure, whatever it says', async () => {
  const shop = openShop(10)
  shop.onPage = () => {
    throw aFailure('provider/bad-request', false)
  }
  expect(await readOnce(shop)).toEqual({ failed: 'provider/bad-request' })
  expect(shop.calls).toHaveLength(1)
})

test('people without an identifier are read, and not sent', async () => {
  const shop = openShop(4)
  shop.people[1] = { person: 'c_2', value: undefined }
  expect(await readOnce(shop)).toMatchObject({
    people: 4,
    skipped: 1,
    identifiers: ['usr_1', 'usr_3', 'usr_4'],
  })
})
