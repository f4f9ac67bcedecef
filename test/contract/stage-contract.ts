import { describe, expect, test } from 'vitest'
import type { ExitRule, Stage } from '../../src/model/audience.ts'
import { useLedgers } from './open-store.ts'
import { compareOn, type Day, KEEP, listMembers, runDay, runDays, sticky } from './run-day.ts'
import { AT, type StoreUnderTest } from './store-under-test.ts'

/*
 * Drawn for `vip`: a canary lets bo in from 4 % on, eve from 10 %, max from 11 %, ri, whose bucket is 1,000, too, tom from 24 %, ada from 80 %.
 * A holdout keeps xia out from 12 % on, aak, whose bucket is 1,100, too, tom from 19 %, eve from 30 %, ada from 66 %, bo from 89 %.
 */
const canary = (percent: number): { readonly stage: Stage } => ({ stage: { kind: 'canary', percent } })
const LIVE = { stage: { kind: 'live' } } as const
const PAUSED = { stage: { kind: 'paused' } } as const
const QA = { stage: { kind: 'qa' }, testers: ['emp_1', 'emp_2'] } as const
const holdout = (holdoutPercent: number) => ({ ...LIVE, holdoutPercent })

interface Story {
  readonly title: string
  readonly exit?: ExitRule
  readonly days: readonly Day[]
}

const ROLLOUT: readonly Story[] = [
  {
    title: 'from testers to a tenth to everyone',
    days: [
      [0, 'ada bo eve max tom=emp_1', 'add emp_1; keep out 4 (stage)', { rules: QA }],
      [1, 'ada bo eve max tom=emp_1', 'remove emp_1; add bo, eve; keep out 3 (stage)', { rules: canary(10) }],
      [2, 'ada bo eve max tom=emp_1', 'add max; keep out 2 (stage)', { rules: canary(11) }],
      [3, 'ada bo eve max tom=emp_1', 'add ada, emp_1', { rules: LIVE }],
    ],
  },
  {
    title: 'up to the bucket, which is out: the first of the next percent waits for it',
    days: [
      [0, 'bo eve ri', 'add bo; keep out 2 (stage)', { rules: canary(9) }],
      [1, 'bo eve ri', 'add eve; keep out 1 (stage)', { rules: canary(10) }],
      [2, 'bo eve ri', 'add ri', { rules: canary(11) }],
      [3, 'bo eve ri', 'remove eve, ri; keep out 2 (stage)', { rules: canary(9) }],
    ],
  },
  {
    title: 'a tester is one by identifier, and letter for letter',
    days: [[0, 'ada=emp_1 bo=EMP_1 eve=emp_3', 'add emp_1; keep out 2 (stage)', { rules: QA }]],
  },
  {
    title: 'paused lets nobody in, and would let everybody go',
    days: [
      [0, 'ada bo', 'add ada, bo'],
      [1, 'ada bo eve', 'remove ada, bo; keep out 3 (stage)', { rules: PAUSED }],
    ],
  },
  {
    title: 'whoever carries no identifier is not kept out: they could not come in',
    days: [[0, 'ada= bo max=', 'add bo', { rules: canary(4) }]],
  },
]

const HELD_BY: readonly { readonly rule: string; readonly exit: ExitRule; readonly held: string }[] = [
  { rule: 'sticky from entry', exit: sticky(7, 'entry'), held: '(sticky), leaves on day 7' },
  { rule: 'sticky from exit', exit: sticky(14, 'exit'), held: '(sticky), leaves on day 15' },
  { rule: 'keep', exit: KEEP, held: '(keep), stays' },
]

const HOLDOUT: readonly Story[] = [
  {
    title: 'some are kept out, and some of those who were in leave',
    days: [
      [0, 'ada bo tom xia', 'add ada, bo, tom, xia', { rules: holdout(0) }],
      [1, 'ada bo tom xia', 'remove xia; keep out 1 (holdout)', { rules: holdout(12) }],
      [2, 'ada bo tom xia', 'remove tom; keep out 2 (holdout)', { rules: holdout(19) }],
      [3, 'ada bo tom xia', 'add tom; keep out 1 (holdout)', { rules: holdout(18) }],
      [4, 'ada bo tom xia', 'add xia', { rules: holdout(11) }],
    ],
  },
  {
    title: 'up to the bucket, which is in',
    days: [
      [0, 'aak ada', 'add aak, ada', { rules: holdout(11) }],
      [1, 'aak ada', 'remove aak; keep out 1 (holdout)', { rules: holdout(12) }],
    ],
  },
  {
    title: 'it is a draw of its own beside the canary, which comes first',
    days: [
      [0, 'ada bo eve tom', 'add bo, eve; keep out 1 (stage); keep out 1 (holdout)', both(24, 19)],
      [1, 'ada bo eve tom', 'remove eve; keep out 1 (stage); keep out 2 (holdout)', both(24, 30)],
      [2, 'ada bo eve tom', 'keep out 2 (stage); keep out 1 (holdout)', both(23, 30)],
    ],
  },
  {
    title: 'testers are not held out',
    days: [[0, 'tom=emp_1 xia=emp_2', 'add emp_1, emp_2', { rules: { ...QA, holdoutPercent: 99 } }]],
  },
]

function both(percent: number, holdoutPercent: number) {
  return { rules: { ...canary(percent), holdoutPercent } }
}

const PEOPLE = 'ada bo cal di eve fin gil hal ida jo kim leo max ned ola pia quin rex sue tom uma vic wes xia'
/** All percentages would be 99 comparisons. */
const PERCENTS = [1, 3, 4, 10, 11, 13, 20, 40, 41, 60, 80, 99]

/** How far an audience has been rolled out decides who of its source is in, and who of its leavers stays. */
export const describeStageContract = (name: string, create: () => Promise<StoreUnderTest>): void => {
  describe(`${name} rolls out by stages`, () => {
    const opened = useLedgers(create)
    const tell = ({ days }: Story): Promise<void> => runDays(opened.store, days)

    test.each(ROLLOUT)('$title', tell)
    test.each(HOLDOUT)('holdout: $title', tell)

    test.each(HELD_BY)('$rule: a leaver stays only where they would be let in', async ({ exit, held }) => {
      const source = 'ada bo eve=emp_1'
      const gone = `hold ada ${held}; hold bo ${held}; hold emp_1 ${held}`
      await runDays(opened.store, [
        [0, source, 'add ada, bo, emp_1', { rules: { exit } }],
        [1, '', gone, { rules: { exit } }],
        [2, '', `remove ada; hold bo ${held}; hold emp_1 ${held}`, { rules: { exit, ...canary(10) } }],
        [3, '', `remove bo; hold emp_1 ${held}`, { rules: { exit, ...QA } }],
        [4, '', `hold emp_1 ${held}`, { rules: { exit } }],
        [5, '', 'remove emp_1', { rules: { exit, ...PAUSED } }],
      ])
    })

    test.each(HELD_BY)('$rule: a leaver who is held out leaves', async ({ exit, held }) => {
      await runDays(opened.store, [
        [0, 'ada tom', 'add ada, tom', { rules: { exit } }],
        [1, '', `hold ada ${held}; hold tom ${held}`, { rules: { exit } }],
        [2, '', `remove tom; hold ada ${held}`, { rules: { exit, ...holdout(19) } }],
        [3, '', `hold ada ${held}`, { rules: { exit, ...holdout(65) } }],
        [4, '', 'remove ada', { rules: { exit, ...holdout(66) } }],
      ])
    })

    test('another audience draws other people', async () => {
      const drawn = async (audience: string) => {
        await runDay(opened.store, 0, PEOPLE, { audience, rules: canary(40) })
        return listMembers(opened.store, audience)
      }
      const [vip, winback, left] = [await drawn('vip'), await drawn('winback'), await drawn('vip@g1')]
      expect(vip).not.toEqual(winback)
      expect(vip).not.toEqual(left)
    })

    test('a canary that grows loses nobody, of those who are held neither', async () => {
      const terms = { rules: { exit: sticky(64, 'entry') } }
      await runDay(opened.store, 0, PEOPLE, terms)
      const half = PEOPLE.split(' ')
        .filter((_each, index) => index % 2 === 0)
        .join(' ')
      let members: readonly string[] = []
      for (const percent of PERCENTS) {
        const delta = await compareOn(opened.store, 1, half, {
          rules: { ...terms.rules, ...canary(percent) },
        })
        const leaving = new Set((await delta.readRows('remove', 0, 100)).map(({ identifier }) => identifier))
        await delta.close()
        const stay = (await listMembers(opened.store)).filter(member => !leaving.has(member))
        expect(stay).toEqual(expect.arrayContaining([...members]))
        expect(delta.counts.wanted).toBe(stay.length)
        members = stay
      }
      expect(members.length).toBe(PEOPLE.split(' ').length)
    })

    test('a holdout that grows lets nobody in, nor back', async () => {
      const terms = { rules: { exit: sticky(64, 'entry') } }
      await runDay(opened.store, 0, PEOPLE, terms)
      const half = PEOPLE.split(' ')
        .filter((_each, index) => index % 2 === 0)
        .join(' ')
      let members = await listMembers(opened.store)
      for (const percent of PERCENTS) {
        const rules = { ...terms.rules, ...holdout(percent) }
        const delta = await compareOn(opened.store, 1 + percent / 100, half, { rules })
        const { adds, removes: to } = delta.counts
        expect(adds).toBe(0)
        const range = { audience: 'vip', list: 'remove', from: 1, to, at: AT } as const
        if (to > 0) await opened.store.commit([{ kind: 'batch', ...range }])
        await delta.close()
        const left = await listMembers(opened.store)
        expect(members).toEqual(expect.arrayContaining([...left]))
        members = left
      }
      expect(members).toEqual([])
    })
  })
}
