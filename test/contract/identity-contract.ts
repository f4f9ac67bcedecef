import { describe, expect, test } from 'vitest'
import type { ExitRule } from '../../src/model/audience.ts'
import type { SpooledPerson } from '../../src/ports.ts'
import { useLedgers } from './open-store.ts'
import { type Day, KEEP, rulesAt, runDay, runDays, sticky } from './run-day.ts'
import { identifiers, type StoreUnderTest } from './store-under-test.ts'

interface Story {
  readonly title: string
  readonly exit?: ExitRule
  readonly days: readonly Day[]
}

const CHANGED: readonly Story[] = [
  {
    title: 'is one remove and one add',
    days: [
      [0, 'ada cy', 'add ada, cy'],
      [1, 'ada=ada2 cy', 'remove ada; add ada2'],
      [2, 'ada=ada2 cy', 'nothing'],
    ],
  },
  {
    title: 'is no reason to keep the former one, whatever the exit rule',
    exit: KEEP,
    days: [
      [0, 'ada cy', 'add ada, cy'],
      [1, 'ada=ada2 cy', 'remove ada; add ada2'],
      [2, 'cy', 'hold ada2 (keep), stays'],
    ],
  },
  {
    title: 'is no new entry',
    exit: sticky(7, 'entry'),
    days: [
      [0, 'ada cy', 'add ada, cy'],
      [5, 'ada=ada2 cy', 'remove ada; add ada2'],
      [6, 'cy', 'hold ada2 (sticky), leaves on day 7'],
      [7, 'cy', 'remove ada2'],
    ],
  },
  {
    title: 'is no new entry the second time either, nor when the first add was lost',
    exit: sticky(7, 'entry'),
    days: [
      [0, 'ada cy', 'add ada, cy'],
      [4, 'ada=ada2 cy', 'remove ada (refused); add ada2', { refused: ['remove'] }],
      [5, 'ada=ada3 cy', 'remove ada, ada2; add ada3'],
      [6, 'cy', 'hold ada3 (sticky), leaves on day 7'],
    ],
  },
  {
    title: 'while held: the former one leaves, and the stay is theirs again',
    exit: sticky(14, 'exit'),
    days: [
      [0, 'ada cy', 'add ada, cy'],
      [3, 'cy', 'hold ada (sticky), leaves on day 17'],
      [5, 'ada=ada2 cy', 'remove ada; add ada2'],
      [6, 'cy', 'hold ada2 (sticky), leaves on day 20'],
    ],
  },
  {
    title: 'may come back before the former one was removed',
    exit: sticky(14, 'exit'),
    days: [
      [0, 'ada cy', 'add ada, cy'],
      [1, 'ada=ada2 cy', 'remove ada (refused); add ada2', { refused: ['remove'] }],
      [2, 'ada cy', 'remove ada2'],
      [3, 'ada cy', 'nothing'],
    ],
  },
]

const LOST: readonly Story[] = [
  {
    title: 'leaves at once',
    days: [
      [0, 'ada cy', 'add ada, cy'],
      [1, 'ada= cy', 'remove ada'],
      [2, 'ada cy', 'add ada'],
    ],
  },
  {
    title: 'leaves at once under sticky, because it may be somebody else’s by now',
    exit: sticky(14, 'exit'),
    days: [
      [0, 'ada cy', 'add ada, cy'],
      [3, 'cy', 'hold ada (sticky), leaves on day 17'],
      [4, 'ada= cy', 'remove ada'],
    ],
  },
  {
    title: 'leaves at once under keep',
    exit: KEEP,
    days: [
      [0, 'ada cy', 'add ada, cy'],
      [1, 'cy', 'hold ada (keep), stays'],
      [2, 'ada= cy', 'remove ada'],
    ],
  },
]

const SHARED: readonly Story[] = [
  {
    title: 'leaves with the last of them',
    days: [
      [0, 'ada=x bo=x', 'add x'],
      [1, 'bo=x', 'nothing'],
      [2, 'bo=x cy', 'add cy'],
      [3, 'cy', 'remove x'],
    ],
  },
  {
    title: 'is held until the last stay ends',
    exit: sticky(14, 'exit'),
    days: [
      [0, 'ada=x bo=x cy', 'add cy, x'],
      [3, 'bo=x cy', 'nothing'],
      [5, 'cy', 'hold x (sticky), leaves on day 19'],
      [17, 'cy', 'hold x (sticky), leaves on day 19'],
      [19, 'cy', 'remove x'],
    ],
  },
  {
    title: 'is not held while another one of the source carries it',
    exit: sticky(14, 'exit'),
    days: [
      [0, 'ada=x cy', 'add cy, x'],
      [3, 'cy', 'hold x (sticky), leaves on day 17'],
      [4, 'bo=x cy', 'nothing'],
      [20, 'bo=x cy', 'nothing'],
      [21, 'cy', 'hold x (sticky), leaves on day 35'],
    ],
  },
  {
    title: 'does not leave with who got another one',
    days: [
      [0, 'ada=x bo=x', 'add x'],
      [1, 'ada=y bo=x', 'add y'],
      [2, 'ada=y bo=y', 'remove x'],
      [3, 'bo=y', 'nothing'],
    ],
  },
  {
    title: 'that is swapped between two needs no call',
    days: [
      [0, 'ada=x bo=y', 'add x, y'],
      [1, 'ada=y bo=x', 'nothing'],
      [2, 'ada=y', 'remove x'],
    ],
  },
]

const TWINS: readonly Story[] = [
  {
    title: 'is not removed as long as its twin is wanted',
    days: [
      [0, 'ada=Ada@x cy', 'add Ada@x, cy'],
      [1, 'ada=ada@X cy', 'add ada@X; hold Ada@x (case-twin)'],
      [2, 'ada=ada@X cy', 'hold Ada@x (case-twin)'],
      [3, 'cy', 'remove Ada@x, ada@X'],
    ],
  },
  {
    title: 'may belong to another person',
    days: [
      [0, 'ada=USR_1 bo=usr_1', 'add USR_1, usr_1'],
      [1, 'bo=usr_1', 'hold USR_1 (case-twin)'],
      [2, 'ada=usr_1 bo=usr_2', 'add usr_2; hold USR_1 (case-twin)'],
      [3, 'bo=usr_2', 'remove USR_1, usr_1'],
    ],
  },
  {
    title: 'of somebody who is held is not removed either',
    exit: sticky(14, 'exit'),
    days: [
      [0, 'ada=USR_1 bo=usr_1 cy', 'add USR_1, cy, usr_1'],
      [1, 'ada= cy', 'hold 1 (sticky), 1 (case-twin)'],
      [15, 'ada= cy', 'remove USR_1, usr_1'],
    ],
  },
  {
    title: 'is one beyond the letters of English, and no other letter',
    days: [
      [0, 'ada=ÅSA bo=ΣΑΣ cy=ß', 'add ÅSA, ß, ΣΑΣ'],
      [1, 'ada=åsa bo=σας cy=ss', 'remove ß, ΣΑΣ; add ss, åsa, σας; hold ÅSA (case-twin)'],
    ],
  },
]

/** Identifiers that change, are lost, are shared, or look alike. */
export const describeIdentityContract = (name: string, create: () => Promise<StoreUnderTest>): void => {
  describe(`${name} knows a person from an identifier`, () => {
    const opened = useLedgers(create)
    const tell = ({ exit, days }: Story): Promise<void> =>
      runDays(opened.store, days, exit ? { rules: { exit } } : {})

    test.each(CHANGED)('an identifier that changed $title', tell)
    test.each(LOST)('an identifier that was lost $title', tell)
    test.each(SHARED)('an identifier that two people carry $title', tell)
    test.each(TWINS)('an identifier that differs in case only $title', tell)

    const readTwins = async (appended: readonly SpooledPerson[], now: number) => {
      const spool = await opened.store.openSpool('vip')
      await spool.append(appended)
      return spool.computeDelta({ rules: rulesAt(now) })
    }

    test.each(['usr 1 ', ' usr 1', '\u00a0USR 1\u2003 '])(
      'outer spaces do not tell two identifiers apart either (%j)',
      async padded => {
        const first = await readTwins([{ person: 'c1', identifier: padded }], 0)
        await opened.store.commit([
          { kind: 'batch', audience: 'vip', list: 'add', from: 1, to: 1, at: rulesAt(0).now },
        ])
        await first.close()
        const next = await readTwins([{ person: 'c1', identifier: 'usr 1' }], 1)
        expect(await identifiers(next, 'add')).toEqual(['usr 1'])
        expect(next.counts).toMatchObject({ recorded: 1, wanted: 1, removes: 0, held: { 'case-twin': 1 } })
        await next.close()
        // Neither spaces within, nor what is no space.
        const others = await readTwins(
          [
            { person: 'c1', identifier: 'usr1' },
            { person: 'c2', identifier: '\u2028usr 1' },
            { person: 'c3', identifier: '\ufeffusr 1' },
          ],
          2,
        )
        expect(await identifiers(others, 'remove')).toEqual([padded])
        await others.close()
      },
    )

    test('of several identifiers on the pages of one read the greatest counts, and any before none', async () => {
      const appended = [
        { person: 'c1', identifier: 'usr_1' },
        { person: 'c1', identifier: 'usr_9' },
        { person: 'c1' },
        { person: 'c2' },
        { person: 'c2', identifier: '\u{ffff}' },
        { person: 'c2', identifier: '\u{1f600}' },
      ]
      const delta = await readTwins(appended, 0)
      expect(await identifiers(delta, 'add')).toEqual(['usr_9', '\u{1f600}'])
      expect(delta.people).toBe(2)
      await delta.close()
    })

    test('lists are in the order of their bytes', async () => {
      const source = 'a=\u{1f600} b=\u{ffff} c=ß d=z e=B f=a g=10 h=9'
      expect(await runDay(opened.store, 0, source)).toBe('add 10, 9, B, a, z, ß, \u{ffff}, \u{1f600}')
      expect(await runDay(opened.store, 1, '')).toBe('remove 10, 9, B, a, z, ß, \u{ffff}, \u{1f600}')
    })
  })
}
