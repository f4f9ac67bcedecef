import { expect, test } from 'vitest'
import { fillSource, type MadeSource } from '../../src/engine/fill-source.ts'
import { aChange } from '../support/plan.ts'
import { OPENING, openRun, openShop, somePeople } from '../support/reading.ts'

const made: MadeSource = {
  address: 'source.vip',
  kind: 'source',
  audience: 'vip',
  attributes: {},
  remoteId: '11',
  status: 'seen',
  recordedAt: OPENING,
  origin: 'created',
}

test('a manual segment whose pages come to no end takes nobody out', async () => {
  const shop = Object.assign(openShop(10), { testers: ['usr_1', 'usr_2'] })
  shop.onPage = n => {
    if (n > 1_000) throw new Error('read without end')
    return { people: somePeople(1_000, 100), next: `cursor-${n}` }
  }
  const directions: string[] = []
  const changePeople = async (_id: number, direction: string) => void directions.push(direction)
  const run = Object.assign(await openRun(shop), { runId: 'run-1', writer: { source: { changePeople } } })
  expect(await fillSource(run, made, aChange({ address: 'source.vip', action: 'update' }))).toEqual({
    kind: 'waiting',
    why: 'its people could not be read to the end; nobody was taken out',
  })
  expect(directions).toEqual(['add'])
})
