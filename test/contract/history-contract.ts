import { describe, expect, test } from 'vitest'
import { alertKey, type RecordedAlert } from '../../src/model/alert.ts'
import type { SyncCount } from '../../src/model/history.ts'
import type { RunRecord, StoreWrite } from '../../src/model/store-write.ts'
import { useStore } from './open-store.ts'
import { AT, LATER, type StoreUnderTest } from './store-under-test.ts'

const COUNT: SyncCount = {
  audience: 'vip',
  at: AT,
  runId: 'r1',
  stage: 'canary 10%',
  ended: 'stopped',
  read: 1_000,
  wanted: 990,
  members: 980,
  added: 20,
  removed: 10,
  held: 5,
  skipped: 10,
  refused: ['max-removal'],
}
const count = (facts: Partial<SyncCount> = {}): StoreWrite => ({
  kind: 'count',
  count: { ...COUNT, ...facts },
})
const ALERT: RecordedAlert = {
  code: 'monitor/stale',
  audience: 'vip',
  summary: 'Not synced for too long',
  detail: 'vip: "so" it is,\nfor ß.',
  hint: 'muster sync --only vip',
  since: AT,
}
const alert = (facts: Partial<RecordedAlert> = {}): StoreWrite => ({
  kind: 'alert',
  alert: { ...ALERT, ...facts },
})

/** What a monitor looks at: counts of syncs, what is wrong, and how the last runs of a command ended. */
export const describeHistoryContract = (name: string, create: () => Promise<StoreUnderTest>): void => {
  describe(`${name} keeps the history of counts`, () => {
    const opened = useStore(create)

    test('counts of one audience come back in order, the last ones when there are more', async () => {
      await opened.store.commit([count(), count({ audience: 'winback' })])
      await opened.store.commit([count({ runId: 'r2', at: LATER })])
      // A clock that was set back changes nothing about which came last.
      await opened.store.commit([count({ runId: 'r3', at: AT })])
      await opened.reopen()
      const runs = async (limit: number) =>
        (await opened.store.readCounts('vip', limit)).map(({ runId }) => runId)
      expect(await opened.store.readCounts('vip', 1_000)).toMatchObject([COUNT, { at: LATER }, { at: AT }])
      expect(await runs(2)).toEqual(['r2', 'r3'])
      expect(await opened.store.readCounts('nobody', 10)).toEqual([])
    })

    test('the same run and audience written again is there once', async () => {
      await opened.store.commit([count()])
      await opened.store.commit([count({ ended: 'done' }), count({ ended: 'done' })])
      expect(await opened.store.readCounts('vip', 10)).toEqual([{ ...COUNT, ended: 'done' }])
    })

    test('an alert is kept under its key until it is dropped', async () => {
      const { audience: _all, ...everywhere } = ALERT
      const told = { ...ALERT, toldTo: ['webhook' as const], overAt: LATER }
      await opened.store.commit([alert(), { kind: 'alert', alert: everywhere }])
      await opened.store.commit([{ kind: 'alert', alert: told }])
      await opened.reopen()
      expect(new Map(await opened.store.readAlerts())).toEqual(
        new Map([
          ['monitor/stale:', everywhere],
          ['monitor/stale:vip', told],
        ]),
      )
      await opened.store.commit([
        { kind: 'drop-alert', key: alertKey(ALERT) },
        { kind: 'drop-alert', key: 'nobody' },
      ])
      expect([...(await opened.store.readAlerts()).keys()]).toEqual(['monitor/stale:'])
    })

    test('neither makes a plan stale, and a commit that fails takes both back', async () => {
      await opened.store.commit([count(), alert()])
      expect((await opened.store.readState()).head).toBe(0)
      const broken: StoreWrite = { kind: 'batch', audience: 'nobody', list: 'add', from: 1, to: 1, at: AT }
      await expect(
        opened.store.commit([count({ runId: 'r2' }), { kind: 'drop-alert', key: alertKey(ALERT) }, broken]),
      ).rejects.toThrow()
      expect(await opened.store.readCounts('vip', 10)).toEqual([COUNT])
      expect([...(await opened.store.readAlerts()).values()]).toEqual([ALERT])
    })

    test('runs of one command can be asked for', async () => {
      const run = (runId: string, command: string): StoreWrite => {
        const record: RunRecord = { runId, command, startedAt: AT }
        return { kind: 'run', run: record }
      }
      await opened.store.commit([
        run('r1', 'apply'),
        run('r2', 'sync'),
        run('r3', 'apply'),
        run('r4', 'sync'),
      ])
      const ids = async (limit: number) =>
        (await opened.store.readRuns(limit, 'apply')).map(({ runId }) => runId)
      expect([await ids(10), await ids(1)]).toEqual([['r1', 'r3'], ['r3']])
    })
  })
}
