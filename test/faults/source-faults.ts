import type { Scene } from './story.ts'
import type { SyncFault } from './sync-faults.ts'
import { peopleFrom } from './sync-scene.ts'

const SEGMENT = { method: 'GET', route: '/v1/segments/:id' }
const COUNT = { method: 'GET', route: '/v1/segments/:id/customer_count' }
const PAGE = { method: 'GET', route: '/v1/segments/:id/membership' }
const ALWAYS = { times: 'always' }

const strike =
  (fault: Readonly<Record<string, unknown>>) =>
  ({ world }: Scene): Promise<void> =>
    world.fault('customerio', fault)

const edit = ({ world, segmentId }: Scene, changes: Readonly<Record<string, unknown>>): Promise<unknown> =>
  world.ask('customerio', `segments/${segmentId}`, changes)

/** Does something once, before the n-th request of a route is handled or after it was. */
const whenAsked =
  (
    route: string,
    { phase, number }: { readonly phase: 'before' | 'after'; readonly number: number },
    act: (scene: Scene) => Promise<unknown>,
  ) =>
  async (scene: Scene): Promise<void> => {
    let asked = 0
    scene.switchboard.listen(async event => {
      if (event.route !== route || event.phase !== phase) return
      asked += 1
      if (asked === number) await act(scene)
    })
  }

/** People come and go between two pages: ahead of the cursor and behind it. */
const moveSome = async ({ shop, segmentId }: Scene): Promise<void> => {
  await shop.takeOut(segmentId, [...peopleFrom(90, 2), ...peopleFrom(200, 3)])
  await shop.putIn(segmentId, [...peopleFrom(10, 2), ...peopleFrom(310, 2)])
}

/** As many come as go, behind the cursor: the counts see nothing of it. */
const moveEqually = async ({ shop, segmentId }: Scene): Promise<void> => {
  await shop.takeOut(segmentId, peopleFrom(75, 2))
  await shop.putIn(segmentId, peopleFrom(30, 2))
}

/** What Customer.io can do to a sync. */
export const SOURCE_FAULTS: readonly SyncFault[] = [
  {
    name: 'the segment answers 404',
    exit: 1,
    read: 'none',
    upset: strike({ kind: 'status', status: 404, match: SEGMENT, ...ALWAYS }),
  },
  {
    name: 'the segment answers 500',
    exit: 1,
    read: 'none',
    upset: strike({ kind: 'status', status: 500, match: SEGMENT, ...ALWAYS }),
  },
  {
    name: 'the count answers 500',
    exit: 1,
    read: 'none',
    upset: strike({ kind: 'status', status: 500, match: COUNT, ...ALWAYS }),
  },
  {
    name: 'the count answers 404 while the segment is there',
    exit: 1,
    read: 'none',
    upset: strike({ kind: 'status', status: 404, match: COUNT, ...ALWAYS }),
  },
  {
    name: 'a page answers 500, every time',
    exit: 1,
    read: 'none',
    upset: strike({ kind: 'status', status: 500, match: PAGE, after: 1, ...ALWAYS }),
  },
  {
    name: 'a page answers 500, twice',
    exit: 0,
    read: 'complete',
    upset: strike({ kind: 'status', status: 500, match: PAGE, after: 1, times: 2 }),
  },
  {
    name: 'a page answers 404 in the middle',
    exit: 1,
    read: 'none',
    upset: strike({ kind: 'status', status: 404, match: PAGE, after: 2, ...ALWAYS }),
  },
  {
    name: 'the key is refused: 401',
    exit: 1,
    read: 'none',
    upset: strike({ kind: 'status', status: 401, ...ALWAYS }),
  },
  {
    name: 'the key is refused in the middle: 401',
    exit: 1,
    read: 'none',
    upset: strike({ kind: 'status', status: 401, match: PAGE, after: 2, ...ALWAYS }),
  },
  {
    name: 'too many calls: 429 with Retry-After',
    exit: 0,
    read: 'complete',
    upset: strike({ kind: 'status', status: 429, match: PAGE, times: 3 }),
  },
  {
    name: 'the daily quota is used up: 429 without Retry-After',
    exit: 1,
    read: 'none',
    upset: strike({ kind: 'quota', match: PAGE, after: 1, ...ALWAYS }),
  },
  {
    name: 'a proxy answers with an HTML page, 502',
    exit: 1,
    read: 'none',
    upset: strike({ kind: 'html', match: PAGE, ...ALWAYS }),
  },
  {
    name: 'a proxy answers with an HTML page, 200',
    exit: 1,
    read: 'none',
    upset: strike({ kind: 'html', status: 200, match: PAGE, after: 1, ...ALWAYS }),
  },
  {
    name: 'a page is cut short and says nothing of it',
    exit: 1,
    read: 'none',
    upset: strike({ kind: 'cut', match: PAGE, after: 1, ...ALWAYS }),
  },
  {
    name: 'the connection breaks in the middle of a page',
    exit: 1,
    read: 'none',
    upset: strike({ kind: 'truncate', match: PAGE, after: 2, ...ALWAYS }),
  },
  {
    name: 'the connection breaks in the middle of a page, once',
    exit: 0,
    read: 'complete',
    upset: strike({ kind: 'truncate', match: PAGE, after: 2 }),
  },
  {
    name: 'the connection is reset',
    exit: 1,
    read: 'none',
    upset: strike({ kind: 'reset', match: PAGE, after: 1, ...ALWAYS }),
  },
  {
    name: 'a page never comes: it times out, and comes when asked again',
    exit: 0,
    read: 'complete',
    upset: strike({ kind: 'hang', match: PAGE, after: 1 }),
  },
  {
    name: 'a page comes late',
    exit: 0,
    read: 'complete',
    upset: strike({ kind: 'delay', delayMs: 50, match: PAGE, times: 2 }),
  },
  {
    name: 'the cursor comes back',
    exit: 4,
    read: 'incomplete',
    upset: strike({ kind: 'repeat-cursor', match: PAGE, after: 1, ...ALWAYS }),
  },
  {
    name: 'an empty page before the end',
    exit: 4,
    read: 'incomplete',
    upset: strike({ kind: 'empty-page', match: PAGE, after: 2 }),
  },
  {
    name: 'the count is wrong before',
    exit: 4,
    read: 'incomplete',
    upset: strike({ kind: 'wrong-count', match: COUNT }),
  },
  {
    name: 'the count is wrong after',
    exit: 4,
    read: 'incomplete',
    upset: strike({ kind: 'wrong-count', match: COUNT, after: 1 }),
  },
  {
    name: 'the count is wrong before and after',
    exit: 4,
    read: 'incomplete',
    upset: strike({ kind: 'wrong-count', match: COUNT, ...ALWAYS }),
  },
  {
    name: 'the segment is still being built',
    exit: 4,
    read: 'incomplete',
    upset: async scene => void (await edit(scene, { state: 'build', progress: 60 })),
    calm: async scene => void (await edit(scene, { state: 'finished' })),
  },
  {
    name: 'the segment is built anew while it is read',
    exit: 4,
    read: 'incomplete',
    upset: whenAsked(PAGE.route, { phase: 'after', number: 2 }, scene =>
      edit(scene, { state: 'build', progress: 60 }),
    ),
    calm: async scene => void (await edit(scene, { state: 'finished' })),
  },
  {
    name: 'people come and go while the pages are read',
    exit: 4,
    read: 'incomplete',
    upset: whenAsked(PAGE.route, { phase: 'after', number: 2 }, moveSome),
  },
  {
    name: 'as many come as go while the pages are read',
    exit: 0,
    read: 'unknown',
    upset: whenAsked(PAGE.route, { phase: 'after', number: 2 }, moveEqually),
  },
  {
    name: 'the segment is emptied',
    exit: 3,
    read: 'incomplete',
    upset: async scene => void (await edit(scene, { empty: true })),
    calm: async scene => void (await edit(scene, { empty: false })),
  },
  {
    name: 'the segment is emptied while it is read',
    exit: 4,
    read: 'incomplete',
    upset: whenAsked(PAGE.route, { phase: 'after', number: 2 }, scene => edit(scene, { empty: true })),
    calm: async scene => void (await edit(scene, { empty: false })),
  },
  {
    name: 'the segment is renamed',
    exit: 1,
    read: 'none',
    upset: async scene => void (await edit(scene, { name: 'Somebody else' })),
    calm: async scene => void (await edit(scene, { name: 'Gate' })),
  },
  {
    name: 'the segment is renamed while it is read',
    exit: 1,
    read: 'none',
    upset: whenAsked(PAGE.route, { phase: 'after', number: 2 }, scene =>
      edit(scene, { name: 'Somebody else' }),
    ),
    calm: async scene => void (await edit(scene, { name: 'Gate' })),
  },
  {
    name: 'the segment is deleted, for good',
    exit: 1,
    read: 'none',
    isForGood: true,
    upset: async scene => void (await edit(scene, { deleted: true })),
  },
  {
    name: 'the segment is deleted while it is read, for good',
    exit: 1,
    read: 'none',
    isForGood: true,
    upset: whenAsked(PAGE.route, { phase: 'after', number: 2 }, scene => edit(scene, { deleted: true })),
  },
  {
    name: 'ids are lost, swapped and doubled once more, between two pages',
    exit: 0,
    read: 'unknown',
    upset: whenAsked(PAGE.route, { phase: 'after', number: 2 }, async ({ shop }) => {
      const [a = 0, b = 0, c = 0] = peopleFrom(180, 3)
      await shop.callPerson(a, `usr_swapped_${b}`)
      await shop.callPerson(b, `usr_swapped_${a}`)
      await shop.callPerson(c, null)
    }),
  },
]
