import { expect, test } from 'vitest'
import { type AlertFinding, alertKey, type RecordedAlert } from '../../src/model/alert.ts'
import { followAlerts, listUntold, rememberAlerts } from '../../src/monitor/follow.ts'

const STALE: AlertFinding = {
  code: 'monitor/stale',
  audience: 'vip',
  summary: 'Not synced for too long',
  detail: 'vip: 13 h',
  hint: 'muster sync --only vip',
}
const GONE: AlertFinding = { ...STALE, code: 'monitor/cohort-missing' }

const hear = (isTold: boolean) =>
  isTold ? { reached: ['webhook' as const], missed: [] } : { reached: [], missed: ['webhook' as const] }

/** Looks one after the other on one store; each says what was news, and what the webhook was told. */
const openStory = () => {
  let recorded: ReadonlyMap<string, RecordedAlert> = new Map()
  let hour = 0
  return (findings: readonly AlertFinding[], { isTold = true, unread = [] as readonly string[] } = {}) => {
    hour += 1
    const now = `2026-11-25T${String(hour).padStart(2, '0')}:00:00.000Z`
    const followed = followAlerts({ findings, unread: new Set(unread), now }, recorded)
    const kept = new Map(recorded)
    for (const write of rememberAlerts(followed, recorded, hear(isTold))) {
      if (write.kind === 'drop-alert') kept.delete(write.key)
      if (write.kind === 'alert') kept.set(alertKey(write.alert), write.alert)
    }
    recorded = kept
    const { begun, over } = followed
    const untold = listUntold(followed, 'webhook')
    return {
      news: `${begun.length} begun, ${over.length} over`,
      message: `${untold.begun.length} begun, ${untold.over.length} over`,
      since: followed.open.map(({ since }) => since.slice(11, 13)).join(' '),
      kept: recorded.size,
    }
  }
}

const NOTHING = '0 begun, 0 over'

test('the first violation and the recovery are told, and nothing in between', () => {
  const look = openStory()
  expect(look([])).toMatchObject({ news: NOTHING, message: NOTHING })
  expect(look([STALE])).toMatchObject({ news: '1 begun, 0 over', message: '1 begun, 0 over', since: '02' })
  expect(look([{ ...STALE, detail: 'vip: 14 h' }])).toEqual({
    news: NOTHING,
    message: NOTHING,
    since: '02',
    kept: 1,
  })
  expect(look([])).toEqual({ news: '0 begun, 1 over', message: '0 begun, 1 over', since: '', kept: 0 })
  expect(look([])).toMatchObject({ news: NOTHING, message: NOTHING })
})

test('who was not reached is told by the next look', () => {
  const look = openStory()
  expect(look([STALE], { isTold: false })).toMatchObject({ message: '1 begun, 0 over' })
  expect(look([STALE], { isTold: false })).toMatchObject({ news: NOTHING, message: '1 begun, 0 over' })
  expect(look([STALE])).toMatchObject({ news: NOTHING, message: '1 begun, 0 over', since: '01' })
  expect(look([STALE])).toMatchObject({ news: NOTHING, message: NOTHING })
  expect(look([], { isTold: false })).toEqual({
    news: '0 begun, 1 over',
    message: '0 begun, 1 over',
    since: '',
    kept: 1,
  })
  expect(look([])).toEqual({ news: NOTHING, message: '0 begun, 1 over', since: '', kept: 0 })
})

test('what was over before anybody heard that it began is told to nobody', () => {
  const look = openStory()
  look([STALE], { isTold: false })
  expect(look([], { isTold: false })).toMatchObject({ message: NOTHING, kept: 0 })
})

test('what is back before anybody heard that it was over has gone on', () => {
  const look = openStory()
  look([STALE])
  look([], { isTold: false })
  expect(look([STALE])).toEqual({ news: NOTHING, message: NOTHING, since: '01', kept: 1 })
})

test('what could not be looked for is neither there nor over: it stays as it was', () => {
  const look = openStory()
  expect(look([], { unread: [GONE.code] })).toMatchObject({ news: NOTHING, kept: 0 })
  look([GONE, STALE])
  expect(look([], { unread: [GONE.code] })).toEqual({
    news: '0 begun, 1 over',
    message: '0 begun, 1 over',
    since: '02',
    kept: 1,
  })
  expect(look([])).toMatchObject({ news: '0 begun, 1 over', kept: 0 })
})

test('a look that brings nothing writes nothing', () => {
  const told = { ...STALE, since: '2026-11-25T01:00:00.000Z', toldTo: ['webhook' as const] }
  const recorded = new Map([[alertKey(told), told]])
  const now = '2026-11-25T02:00:00.000Z'
  const followed = followAlerts({ findings: [STALE], unread: new Set(), now }, recorded)
  expect(rememberAlerts(followed, recorded, hear(true))).toEqual([])
})

test('each is told by itself: who heard is not told again because of who did not', () => {
  const told = { ...STALE, since: '2026-11-25T01:00:00.000Z', toldTo: ['webhook' as const] }
  const recorded = new Map([[alertKey(told), told]])
  const look = { unread: new Set<string>(), now: '2026-11-25T02:00:00.000Z' }
  const goingOn = followAlerts({ ...look, findings: [STALE] }, recorded)
  expect(listUntold(goingOn, 'webhook').begun).toEqual([])
  expect(listUntold(goingOn, 'github-issue').begun).toEqual([told])
  const over = followAlerts({ ...look, findings: [] }, recorded)
  expect(listUntold(over, 'webhook').over).toHaveLength(1)
  expect(listUntold(over, 'github-issue').over).toEqual([])
  expect(rememberAlerts(over, recorded, { reached: ['webhook'], missed: ['github-issue'] })).toEqual([
    { kind: 'drop-alert', key: alertKey(STALE) },
  ])
})
