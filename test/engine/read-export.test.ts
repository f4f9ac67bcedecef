import { describe, expect, test } from 'vitest'
import { startExport } from '../../src/engine/make-export.ts'
import { MOST_PEOPLE_BY_PAGES } from '../../src/engine/read-members.ts'
import type { Audience } from '../../src/model/audience.ts'
import type { SourcePerson } from '../../src/model/membership.ts'
import type { PeopleExport } from '../../src/ports.ts'
import { anAudience } from '../support/audience.ts'
import { aFailure, OPENING, openRun, openShop, readOnce, type Shop, somePeople } from '../support/reading.ts'

const BY_PHONE: Partial<Audience> = {
  identifier: { key: { kind: 'attribute', attribute: 'phone' }, minCoverage: 0.9 },
}
const anExport = (exportId: number, change: Partial<PeopleExport> = {}): PeopleExport => ({
  exportId,
  status: 'done',
  total: 10,
  description: 'Customers with segment filters—in VIP customers',
  ...change,
})

/** Exports that are there, and what a test does to the calls about them. */
interface ExportDesk {
  readonly made: PeopleExport[]
  readonly calls: string[]
  onStart: (n: number) => void
  /** Of the n-th read of a file; answers the people that it tells. */
  onFile: (n: number) => readonly SourcePerson[]
}

const openDesk = (shop: Shop, change: Partial<PeopleExport> = {}): ExportDesk => {
  let starts = 0
  let files = 0
  const desk: ExportDesk = {
    made: [anExport(109, { description: 'Customers with segment filters—in VIP customers' })],
    calls: [],
    onStart: () => undefined,
    onFile: () => shop.people,
  }
  Object.assign(shop.exports, {
    listExports: async () => desk.made,
    startExport: async (segmentId: number, attribute?: string) => {
      starts += 1
      desk.calls.push(`start of segment ${segmentId} with ${attribute ?? 'nothing more'}`)
      desk.onStart(starts)
      const made = anExport(109 + starts, change)
      desk.made.push(made)
      return made
    },
    readExport: async (exportId: number) => {
      desk.calls.push(`look at ${exportId}`)
      return desk.made.find(each => each.exportId === exportId)
    },
    readPeople: async function* ({ exportId }: PeopleExport, column: string) {
      files += 1
      desk.calls.push(`${column} of ${exportId}`)
      const people = desk.onFile(files)
      yield people.slice(0, 4)
      yield people.slice(4)
    },
  } satisfies Shop['exports'])
  return desk
}

const open = (change: Partial<PeopleExport> = {}) => {
  const shop = openShop(10)
  return { shop, desk: openDesk(shop, change) }
}

const lost = (): never => {
  throw aFailure('provider/network', false, { outcomeUnknown: true })
}

describe('what is read from an export', () => {
  test('an audience whose key no page tells', async () => {
    const { shop, desk } = open()
    expect(await readOnce(shop, BY_PHONE)).toMatchObject({
      people: 10,
      rows: 10,
      startedAt: OPENING,
      isResumed: false,
      outcome: 'complete',
    })
    expect(desk.calls).toEqual(['start of segment 11 with phone', 'phone of 110'])
    expect(shop.calls).toEqual([])
  })

  test.each([
    ['a million people are read by pages', MOST_PEOPLE_BY_PAGES, ['id from the beginning'], []],
    [
      'one more is read from an export, without another column',
      MOST_PEOPLE_BY_PAGES + 1,
      [],
      ['start of segment 11 with nothing more', 'id of 110'],
    ],
  ])('%s', async (_story, count, pages, exports) => {
    const { shop, desk } = open({ total: 2 })
    shop.people = somePeople(2)
    shop.onCount = () => count
    await readOnce(shop)
    expect([shop.calls, desk.calls]).toEqual([pages, exports])
  })

  test('is of one moment: a count that moves a little meanwhile is no contradiction', async () => {
    const { shop, desk } = open({ total: 1_000 })
    shop.people = somePeople(1_000)
    desk.onFile = () => shop.people
    shop.onCount = n => (n === 1 ? 995 : 1_010)
    expect(await readOnce(shop, BY_PHONE)).toMatchObject({ people: 1_000, outcome: 'complete' })
    shop.onCount = n => (n === 1 ? 975 : 1_000)
    expect(await readOnce(shop, BY_PHONE)).toMatchObject({ outcome: 'count-disagrees' })
  })

  test('people who cannot be sent are counted once, however often the file is read', async () => {
    const { shop, desk } = open()
    shop.people[0] = { person: 'c_1', value: undefined }
    desk.onFile = n => (n === 1 ? shop.people.slice(0, 9) : shop.people)
    expect(await readOnce(shop, BY_PHONE)).toMatchObject({ people: 10, skipped: 1, outcome: 'complete' })
  })
})

describe('making one', () => {
  test('is waited for, ever more rarely', async () => {
    const { shop, desk } = open({ status: 'pending', total: 0 })
    let looks = 0
    shop.exports.readExport = async exportId => {
      looks += 1
      return anExport(exportId, looks < 8 ? { status: 'pending' } : {})
    }
    expect(await readOnce(shop, BY_PHONE)).toMatchObject({ outcome: 'complete' })
    expect(shop.waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000])
    expect(desk.calls).toHaveLength(2)
  })

  test('for half an hour; the next run goes on with it', async () => {
    const { shop, desk } = open({ status: 'pending', total: 0 })
    expect(await readOnce(shop, BY_PHONE)).toEqual({ failed: 'source/export-slow' })
    expect(shop.waits.reduce((sum, each) => sum + each, 0)).toBeGreaterThanOrEqual(30 * 60_000)
    desk.made[1] = anExport(110)
    desk.calls.length = 0
    expect(await readOnce(shop, BY_PHONE)).toMatchObject({ isResumed: true, outcome: 'complete' })
    expect(desk.calls).toEqual(['look at 110', 'phone of 110'])
  })

  test('may fail; the next run makes another', async () => {
    const { shop, desk } = open({ status: 'failed', total: 0 })
    expect(await readOnce(shop, BY_PHONE)).toEqual({ failed: 'source/export-failed' })
    desk.calls.length = 0
    await readOnce(shop, BY_PHONE)
    expect(desk.calls).toEqual(['start of segment 11 with phone'])
  })

  test('without an answer is looked up, and not made twice', async () => {
    const { shop, desk } = open()
    desk.onStart = () => {
      desk.made.push(anExport(207, { description: 'Customers with segment filters—in Readers' }))
      desk.made.push(anExport(208))
      lost()
    }
    expect(await readOnce(shop, BY_PHONE)).toMatchObject({ outcome: 'complete' })
    expect(desk.calls).toEqual(['start of segment 11 with phone', 'phone of 208'])
  })

  test('without an answer, and on no list, is made once more', async () => {
    const { shop, desk } = open()
    desk.onStart = n => (n === 1 ? lost() : undefined)
    expect(await readOnce(shop, BY_PHONE)).toMatchObject({ outcome: 'complete' })
    expect(desk.calls).toEqual([
      'start of segment 11 with phone',
      'start of segment 11 with phone',
      'phone of 111',
    ])
    expect(shop.waits).toEqual([1_000, 4_000, 10_000])
  })

  test.each(['VIP customers', '"VIP customers"', '\\VIP customers\\'])('is told by %s', async name => {
    const { shop, desk } = open()
    desk.onStart = () => {
      desk.made.push(anExport(208, { description: `Customers with segment filters—in ${name}` }))
      lost()
    }
    expect(await readOnce(shop, BY_PHONE)).toMatchObject({ outcome: 'complete' })
    expect(desk.calls.at(-1)).toBe('phone of 208')
  })

  test('without an answer is not the one of a segment whose name only holds this one', async () => {
    const { shop, desk } = open()
    desk.onStart = n => {
      if (n > 1) return
      for (const [k, name] of ['VIP customers lapsed', 'No VIP customers'].entries())
        desk.made.push(anExport(207 + k, { description: `Customers with segment filters—in ${name}` }))
      lost()
    }
    expect(await readOnce(shop, BY_PHONE)).toMatchObject({ outcome: 'complete' })
    expect(desk.calls.at(-1)).toBe('phone of 111')
  })

  test('without an answer, while somebody made another of the same segment, is not guessed at', async () => {
    const { shop, desk } = open()
    desk.onStart = () => {
      desk.made.push(anExport(207), anExport(208))
      lost()
    }
    expect(await readOnce(shop, BY_PHONE)).toEqual({ failed: 'provider/network' })
    expect(desk.calls).toEqual(['start of segment 11 with phone'])
  })

  test('without an answer is not the one that another read of the same run made', async () => {
    const { shop, desk } = open()
    desk.onStart = n => (n === 1 ? lost() : undefined)
    const run = await openRun(shop)
    const members = { audience: anAudience(BY_PHONE), source: shop.named }
    const made = await Promise.all([startExport(run, members), startExport(run, members)])
    expect(made.map(({ exportId }) => exportId)).toEqual([112, 111])
  })

  test('without an answer twice is a failure, and those that others made are never taken', async () => {
    const { shop, desk } = open()
    desk.onStart = n => {
      desk.made.push(anExport(300 + n, { description: 'Customers with segment filters—in Readers' }))
      lost()
    }
    expect(await readOnce(shop, BY_PHONE)).toEqual({ failed: 'provider/network' })
  })

  test('that is refused is not tried again', async () => {
    const { shop, desk } = open()
    desk.onStart = () => {
      throw aFailure('provider/bad-request', false)
    }
    expect(await readOnce(shop, BY_PHONE)).toEqual({ failed: 'provider/bad-request' })
    expect(desk.calls).toHaveLength(1)
  })
})

describe('a file that contradicts its export', () => {
  test('once is read again behind another link', async () => {
    const { shop, desk } = open()
    desk.onFile = n => (n === 1 ? shop.people.slice(0, 9) : shop.people)
    expect(await readOnce(shop, BY_PHONE)).toMatchObject({ people: 10, rows: 10, outcome: 'complete' })
    expect(desk.calls.slice(1)).toEqual(['phone of 110', 'phone of 110'])
  })

  test.each<[string, (shop: Shop) => SourcePerson[]]>([
    ['fewer people than it says', shop => shop.people.slice(0, 9)],
    ['more people than it says', shop => [...shop.people, ...somePeople(5, 100)]],
    [
      'an end that is missing',
      () => {
        throw aFailure('provider/truncated', true)
      },
    ],
  ])('three times, with %s, is incomplete', async (_story, file) => {
    const { shop, desk } = open()
    desk.onFile = () => file(shop)
    expect(await readOnce(shop, BY_PHONE)).toMatchObject({ outcome: 'export-disagrees' })
    expect(desk.calls.slice(1)).toHaveLength(3)
  })
})

describe('an export that was cut off', () => {
  const openCutOff = async (code = 'provider/unavailable') => {
    const opened = open()
    opened.desk.onFile = () => {
      throw aFailure(code, true)
    }
    expect(await readOnce(opened.shop, BY_PHONE)).toEqual({ failed: code })
    opened.desk.onFile = () => opened.shop.people
    opened.desk.calls.length = 0
    return opened
  }

  test.each(['provider/unavailable', 'provider/link-refused', 'run/interrupted'])(
    'by %s is read again from its beginning, and not made again',
    async code => {
      const { shop, desk } = await openCutOff(code)
      shop.now = '2026-11-23T15:59:00.000Z'
      expect(await readOnce(shop, BY_PHONE)).toMatchObject({
        people: 10,
        rows: 10,
        startedAt: OPENING,
        isResumed: true,
        outcome: 'complete',
      })
      expect(desk.calls).toEqual(['look at 110', 'phone of 110'])
    },
  )

  test('six hours ago is made anew', async () => {
    const { shop, desk } = await openCutOff()
    shop.now = '2026-11-23T16:00:00.000Z'
    expect(await readOnce(shop, BY_PHONE)).toMatchObject({ startedAt: shop.now, isResumed: false })
    expect(desk.calls).toEqual(['start of segment 11 with phone', 'phone of 111'])
  })

  test.each<[string, (desk: ExportDesk) => void]>([
    ['is gone', desk => desk.made.splice(1)],
    ['has failed', desk => desk.made.splice(1, 1, anExport(110, { status: 'failed' }))],
  ])('and %s meanwhile is made anew, as of now', async (_story, change) => {
    const { shop, desk } = await openCutOff()
    change(desk)
    shop.now = '2026-11-23T11:00:00.000Z'
    expect(await readOnce(shop, BY_PHONE)).toMatchObject({ startedAt: shop.now, isResumed: false })
    expect(desk.calls).toEqual(['look at 110', 'start of segment 11 with phone', 'phone of 111'])
  })

  test('is still known after a run that could not even look at it', async () => {
    const { shop, desk } = await openCutOff()
    const { readExport } = shop.exports
    shop.exports.readExport = async () => {
      throw aFailure('provider/unavailable', true)
    }
    expect(await readOnce(shop, BY_PHONE)).toEqual({ failed: 'provider/unavailable' })
    Object.assign(shop.exports, { readExport })
    expect(await readOnce(shop, BY_PHONE)).toMatchObject({ isResumed: true, outcome: 'complete' })
    expect(desk.calls).toEqual(['look at 110', 'phone of 110'])
  })

  test('and whose file is gone meanwhile is made anew, as of now', async () => {
    const { shop, desk } = await openCutOff()
    desk.onFile = n => {
      if (n === 2) throw aFailure('provider/link-refused', true)
      return shop.people
    }
    shop.now = '2026-11-23T11:00:00.000Z'
    expect(await readOnce(shop, BY_PHONE)).toMatchObject({
      startedAt: shop.now,
      isResumed: false,
      people: 10,
    })
    expect(desk.calls).toEqual([
      'look at 110',
      'phone of 110',
      'start of segment 11 with phone',
      'phone of 111',
    ])
  })

  test('is made anew once only', async () => {
    const { shop, desk } = await openCutOff('provider/link-refused')
    desk.onFile = () => {
      throw aFailure('provider/link-refused', true)
    }
    expect(await readOnce(shop, BY_PHONE)).toEqual({ failed: 'provider/link-refused' })
    expect(desk.calls.slice(2)).toEqual(['start of segment 11 with phone', 'phone of 111'])
  })

  test('and whose file is gone after a part of it was spooled is not mixed with another', async () => {
    const { shop, desk } = await openCutOff()
    desk.onFile = n => {
      if (n === 3) throw aFailure('provider/link-refused', true)
      return shop.people.slice(0, 9)
    }
    expect(await readOnce(shop, BY_PHONE)).toEqual({ failed: 'provider/link-refused' })
    expect(desk.calls).toEqual(['look at 110', 'phone of 110', 'phone of 110'])
  })

  test('is not gone on with for another attribute', async () => {
    const { shop, desk } = await openCutOff()
    await readOnce(shop, {
      identifier: { key: { kind: 'attribute', attribute: 'mobile' }, minCoverage: 0.9 },
    })
    expect(desk.calls).toEqual(['start of segment 11 with mobile', 'mobile of 111'])
  })
})
