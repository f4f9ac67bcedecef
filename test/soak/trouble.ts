import type { Switchboard } from '../faults/process.ts'
import type { World } from '../support/world.ts'
import type { Churn } from './churn.ts'
import type { Dice } from './dice.ts'

/** What goes wrong in one sync. */
export interface Trouble {
  /** For the log: no identifier. */
  readonly name: string
  readonly stir: () => Promise<void>
  readonly calm: () => Promise<void>
  /** MoEngage may have said yes and done nothing: everybody has to be sent again. */
  readonly needsFull?: boolean
}

export interface TroubleMakers {
  readonly world: World
  readonly switchboard: Switchboard
  readonly churn: Churn
  readonly dice: Dice
  /** Somebody who is about to be let in somewhere. */
  readonly entering: () => Promise<string | undefined>
}

const PAGE = '/v1/segments/:id/membership'
const READS = ['/v1/segments/:id', '/v1/segments/:id/customer_count', PAGE]
const PUSH = '/v1/integrations/cohortsync'
const TIMES = [1, 1, 2, 4, 'always'] as const
const MOST_AFTER = 12

/** Faults of the wire and of single calls, by vendor. */
const READ_KINDS = [
  { kind: 'status', status: 500 },
  { kind: 'status', status: 401 },
  { kind: 'status', status: 404 },
  { kind: 'status', status: 429 },
  { kind: 'quota' },
  { kind: 'html' },
  { kind: 'html', status: 200 },
  { kind: 'cut' },
  { kind: 'truncate' },
  { kind: 'reset' },
  { kind: 'repeat-cursor' },
  { kind: 'empty-page' },
  { kind: 'wrong-count' },
  { kind: 'delay', delayMs: 5 },
]
const PUSH_KINDS = [
  { kind: 'status', status: 500 },
  { kind: 'status', status: 503 },
  { kind: 'status', status: 401 },
  { kind: 'status', status: 403 },
  { kind: 'status', status: 429 },
  { kind: 'html' },
  { kind: 'cut' },
  { kind: 'truncate' },
  { kind: 'truncate' },
  { kind: 'reset' },
  { kind: 'reset' },
  { kind: 'unknown' },
  { kind: 'unknown' },
  { kind: 'unknown' },
  { kind: 'delay', delayMs: 5 },
]
/** Segments that somebody edits in the dashboard, and what they are called. */
const EDITED = [
  { id: 12, name: 'Recent purchasers 7d' },
  { id: 13, name: 'Active in app 30m' },
  { id: 101, name: 'Guests' },
  { id: 102, name: 'Founders' },
]

/** Chooses what goes wrong next. */
export const chooseTrouble = async (makers: TroubleMakers): Promise<Trouble> => {
  const makeOne = makers.dice.pick([
    failRead,
    failRead,
    failPush,
    failPush,
    failPush,
    editSegment,
    move,
    interrupt,
    drop,
  ])
  return (await makeOne?.(makers)) ?? failPush(makers)
}

const inject = (
  { world, dice }: TroubleMakers,
  vendor: 'customerio' | 'moengage',
  fault: Readonly<Record<string, unknown>>,
): Trouble => {
  const times = dice.pick(TIMES)
  const after = dice.below(MOST_AFTER)
  const { kind, status, match } = fault as { kind: string; status?: number; match: { route: string } }
  return {
    name: `${vendor} ${match.route}: ${kind}${status === undefined ? '' : ` ${status}`}, after ${after}, times ${times}`,
    stir: () => world.fault(vendor, { after, times, ...fault }),
    calm: async () => void (await world.ask(vendor, 'faults', undefined, 'DELETE')),
  }
}

const failRead = (makers: TroubleMakers): Trouble => {
  const kind = makers.dice.pick(READ_KINDS)
  const isPaging = kind?.kind === 'repeat-cursor' || kind?.kind === 'empty-page'
  const isCounting = kind?.kind === 'wrong-count'
  const route = isPaging ? PAGE : isCounting ? READS[1] : makers.dice.pick(READS)
  return inject(makers, 'customerio', { ...kind, match: { method: 'GET', route } })
}

const failPush = (makers: TroubleMakers): Trouble =>
  inject(makers, 'moengage', { ...makers.dice.pick(PUSH_KINDS), match: { method: 'POST', route: PUSH } })

const editSegment = ({ world, dice }: TroubleMakers): Trouble => {
  const { id, name } = dice.pick(EDITED) ?? { id: 101, name: 'Guests' }
  const [what, edit, back] = dice.pick([
    ['renamed', { name: 'Another meaning' }, { name }],
    ['emptied', { empty: true }, { empty: false }],
    ['being built', { state: 'build', progress: 40 }, { state: 'finished' }],
  ] as const) ?? ['', {}, {}]
  return {
    name: `segment ${id} ${what}`,
    stir: async () => void (await world.ask('customerio', `segments/${id}`, edit)),
    calm: async () => void (await world.ask('customerio', `segments/${id}`, back)),
  }
}

/** People come and go between two pages. */
const move = ({ switchboard, churn, dice }: TroubleMakers): Trouble => {
  const page = 1 + dice.below(MOST_AFTER)
  let read = 0
  return {
    name: `people come and go after page ${page}`,
    stir: async () =>
      switchboard.listen(async ({ route, phase }) => {
        if (route !== PAGE || phase !== 'after') return
        read += 1
        if (read === page) await churn.stir()
      }),
    calm: async () => switchboard.listen(() => undefined),
  }
}

const interrupt = ({ world, dice }: TroubleMakers): Trouble => {
  const phase = dice.pick(['read', 'diff', 'push'] as const) ?? 'push'
  let left = dice.below(8)
  return {
    name: `Ctrl-C while it is at ${phase}`,
    stir: async () =>
      world.interruptWhen(reported => {
        if (reported !== phase) return false
        left -= 1
        return left < 0
      }),
    calm: async () => world.interruptWhen(() => false),
  }
}

const drop = async (makers: TroubleMakers): Promise<Trouble | undefined> => {
  const member = await makers.entering()
  if (member === undefined) return undefined
  const trouble = inject(makers, 'moengage', {
    kind: 'drop',
    after: 0,
    times: 1,
    match: { method: 'POST', route: PUSH, member },
  })
  return { ...trouble, name: 'MoEngage says yes and does nothing', needsFull: true }
}
