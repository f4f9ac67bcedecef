import { createUsers } from '../../src/emulators/moengage/users.ts'
import { EMULATED_CUSTOMERIO } from '../../src/emulators/options.ts'
import { createPopulation } from '../../src/emulators/population.ts'
import type { World } from '../support/world.ts'
import type { Profile } from './oracle.ts'

const MOST_IDS = 1_000
const BORN = /^(?:usr_\d{10}|emp_\d{3})$/

/** The hands of a shop: they make a segment, put people in and out, and change who is called what. */
export interface Shop {
  makeSegment(name: string): Promise<number>
  putIn(segmentId: number, people: readonly number[]): Promise<void>
  takeOut(segmentId: number, people: readonly number[]): Promise<void>
  /** Gives somebody another id, or none. A new one is known to MoEngage at once. */
  callPerson(person: number, id: string | null): Promise<void>
  deletePerson(person: number): Promise<void>
  peopleIn(segmentId: number): Promise<readonly Profile[]>
  /** Whether MoEngage knows this user. */
  isKnown(uid: string): boolean
}

/** How Customer.io calls the n-th person of the shop. */
export const cioIdOf = (person: number): string => `0300${person.toString(16).padStart(8, '0')}`

/** Repeats the id that somebody was born with, whatever they are called since. */
export const ATTRIBUTE = 'customer_ref'

interface ShopOptions {
  /** Whether `peopleIn` shows everybody with their attribute as if it were their id. */
  readonly isByAttribute: boolean
}

/** Opens the shop behind a world of `population` people and the seed that all worlds have. */
export const openShop = async (
  world: World,
  population: number,
  { isByAttribute }: ShopOptions = { isByAttribute: false },
): Promise<Shop> => {
  const people = createPopulation(7, population)
  const users = createUsers(people)
  const attributeOf = (cioId: string): string | null =>
    people.attributesOf(people.indexOf('cio_id', cioId) ?? 0)[ATTRIBUTE] ?? null
  const [url = ''] = (await world.read('workspace.yaml')).match(/http:\/\/127\.0\.0\.1:\d+/) ?? []
  const { appKey, trackSiteId, trackApiKey } = EMULATED_CUSTOMERIO

  const post = async <T>(path: string, authorization: string, body: unknown): Promise<T> => {
    const headers = { 'content-type': 'application/json', authorization }
    const answer = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
    if (!answer.ok) throw new Error(`the shop's own call failed: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as T
  }
  const track = `Basic ${Buffer.from(`${trackSiteId}:${trackApiKey}`).toString('base64')}`
  const move = async (verb: 'add' | 'remove', segmentId: number, people: readonly number[]) => {
    const ids = people.map(cioIdOf)
    for (let from = 0; from < ids.length; from += MOST_IDS)
      await post(`/api/v1/segments/${segmentId}/${verb}_customers?id_type=cio_id`, track, {
        ids: ids.slice(from, from + MOST_IDS),
      })
  }

  return {
    makeSegment: async name =>
      (await post<{ segment: { id: number } }>('/v1/segments', `Bearer ${appKey}`, { segment: { name } }))
        .segment.id,
    putIn: (segmentId, people) => move('add', segmentId, people),
    takeOut: (segmentId, people) => move('remove', segmentId, people),
    callPerson: async (person, id) => {
      await world.ask('customerio', `people/${cioIdOf(person)}`, { id })
      // Whom MoEngage does not know from birth stays unknown: who was sent before would be there only from now on.
      if (id === null || users.isKnown(id) || BORN.test(id)) return
      users.add(id)
      await world.ask('moengage', `users/${encodeURIComponent(id)}`, {}, 'PUT')
    },
    deletePerson: async person =>
      void (await world.ask('customerio', `people/${cioIdOf(person)}`, { deleted: true })),
    peopleIn: async segmentId => {
      const answer = await world.ask<{ people?: readonly Profile[] }>(
        'customerio',
        `segments/${segmentId}/people`,
      )
      const { people: found = [] } = answer
      return isByAttribute ? found.map(({ cio_id }) => ({ cio_id, id: attributeOf(cio_id) })) : found
    },
    isKnown: users.isKnown,
  }
}
