import { describe, expect, test } from 'vitest'
import type { EmulatorOptions } from '../../../src/emulators/options.ts'
import { EMULATED_CUSTOMERIO } from '../../../src/emulators/options.ts'
import {
  type CustomerioWriterOptions,
  createCustomerioReader,
  createCustomerioWriter,
} from '../../../src/providers/customerio/provider.ts'
import { startTestEmulators } from '../../emulators/harness.ts'
import { createSurroundings } from '../support/client.ts'
import { failureFrom } from '../support/failures.ts'
import { CONNECTION } from './connect.ts'

const QA = { name: 'QA team', description: 'Testers of acme' }
const { appKey, trackSiteId: siteId, trackApiKey: apiKey } = EMULATED_CUSTOMERIO

/** The adapter and the emulator: two readings of the same documents, over a socket. */
const open = async (options: Partial<EmulatorOptions> = {}, more: Partial<CustomerioWriterOptions> = {}) => {
  const emulators = await startTestEmulators({ population: 100, ...options })
  const { shop, post } = emulators
  const common = {
    ...createSurroundings(),
    connection: { ...CONNECTION, baseUrl: emulators.emulators.customerio.url },
    appKey,
  }
  const reader = createCustomerioReader(common)
  return {
    ...emulators,
    reader,
    writer: createCustomerioWriter({ ...common, trackKeys: () => ({ siteId, apiKey }), ...more }),
    fault: (fault: unknown) => shop('/faults', post(fault)),
    listNamed: async (name: string) => (await reader.listSegments()).filter(each => each.name === name),
    idsOf: async (segmentId: number) =>
      (await reader.readPeoplePage(segmentId, { key: 'id' })).people.map(({ value }) => value),
    countWrites: async () => (await shop<{ writes: number }>('/requests')).body.writes,
  }
}

describe('the life of a manual segment', () => {
  test('made, listed, filled, read back, emptied, deleted: one call each', async () => {
    const { reader, writer, listNamed, idsOf, countWrites } = await open()
    const { segmentId } = await writer.createSegment(QA)
    expect(await listNamed('QA team')).toEqual([
      {
        segmentId,
        name: 'QA team',
        type: 'manual',
        isFinished: true,
        updatedAt: '2026-11-23T10:00:00.000Z',
      },
    ])
    await writer.changePeople(segmentId, 'add', ['emp_001', 'emp_002', 'nobody'])
    expect(await idsOf(segmentId)).toEqual(['emp_001', 'emp_002'])
    await writer.changePeople(segmentId, 'remove', ['emp_001', 'emp_009'])
    expect(await idsOf(segmentId)).toEqual(['emp_002'])
    await writer.deleteSegment(segmentId)
    expect(await reader.readSegment(segmentId)).toBe(undefined)
    expect(await countWrites()).toBe(4)
    await writer.deleteSegment(segmentId)
  })

  test('what was accepted may be shown later', async () => {
    const { writer, idsOf, shop } = await open({ trackDelayMs: 60_000 })
    await writer.changePeople(17, 'remove', ['emp_001'])
    expect(await idsOf(17)).toContain('emp_001')
    await shop('/settle', { method: 'POST' })
    expect(await idsOf(17)).not.toContain('emp_001')
  })

  test('a thousand ids go in one call', async () => {
    const { writer } = await open()
    const ids = Array.from({ length: 1000 }, (_, n) => `usr_${String(n).padStart(10, '0')}`)
    await expect(writer.changePeople(17, 'add', ids)).resolves.toBe(undefined)
  })

  test('one that a campaign uses is counted as used, and its deletion is a conflict', async () => {
    const { reader, writer, shop, post } = await open()
    const { segmentId } = await writer.createSegment(QA)
    expect(await reader.readSegmentUse(segmentId)).toEqual({ campaigns: 0, newsletters: 0 })
    const used_by = { campaigns: [4], draft_newsletters: [7] }
    await shop(`/segments/${segmentId}`, post({ used_by }))
    expect(await reader.readSegmentUse(segmentId)).toEqual({ campaigns: 1, newsletters: 1 })
    expect((await failureFrom(writer.deleteSegment(segmentId))).code).toBe('provider/conflict')
    expect(await reader.readSegmentUse(999)).toBe(undefined)
  })

  test('an edit in the dashboard shows as a later moment', async () => {
    const { reader, shop, post } = await open()
    const before = (await reader.readSegment(14))?.updatedAt ?? ''
    await shop('/segments/14', post({ description: 'Others now' }))
    const after = (await reader.readSegment(14))?.updatedAt ?? ''
    expect(after > before).toBe(true)
  })
})

describe('refusals', () => {
  test('a data-driven segment takes no people, and is not deleted', async () => {
    const { reader, writer } = await open()
    expect(await failureFrom(writer.changePeople(11, 'add', ['emp_001']))).toMatchObject({
      code: 'provider/bad-request',
      status: 400,
      hint: 'see whether the segment is still there: only manual ones take people',
    })
    expect((await failureFrom(writer.deleteSegment(11))).code).toBe('provider/bad-request')
    expect((await reader.readSegment(11))?.name).toBe('VIP customers')
  })

  test('a wrong App key stops creating, a wrong Track key stops filling, and neither the other', async () => {
    const wrongApp = await open({}, { appKey: 'wrong' })
    expect((await failureFrom(wrongApp.writer.createSegment(QA))).hint).toContain('CUSTOMERIO_APP_KEY')
    await wrongApp.writer.changePeople(17, 'remove', ['emp_001'])
    const wrongTrack = await open({}, { trackKeys: () => ({ siteId, apiKey: 'wrong' }) })
    await wrongTrack.writer.createSegment(QA)
    expect(await failureFrom(wrongTrack.writer.changePeople(17, 'add', ['emp_001']))).toMatchObject({
      code: 'provider/auth',
      hint: expect.stringContaining('CUSTOMERIO_SITE_ID and CUSTOMERIO_TRACK_KEY'),
    })
  })

  test.each`
    fault                              | code                            | made
    ${{ kind: 'status', status: 409 }} | ${'provider/conflict'}          | ${0}
    ${{ kind: 'status', status: 422 }} | ${'provider/bad-request'}       | ${0}
    ${{ kind: 'status', status: 500 }} | ${'provider/unavailable'}       | ${0}
    ${{ kind: 'quota' }}               | ${'provider/quota'}             | ${0}
    ${{ kind: 'html' }}                | ${'provider/unavailable'}       | ${0}
    ${{ kind: 'html', status: 404 }}   | ${'provider/unexpected-status'} | ${0}
    ${{ kind: 'reset' }}               | ${'provider/network'}           | ${0}
    ${{ kind: 'unknown' }}             | ${'provider/network'}           | ${1}
    ${{ kind: 'truncate' }}            | ${'provider/truncated'}         | ${1}
  `('creating meets $fault: $code, and $made were made', async ({ fault, code, made }) => {
    const opened = await open()
    await opened.fault({ ...fault, match: { method: 'POST' }, times: 'always' })
    const failure = await failureFrom(opened.writer.createSegment(QA))
    expect(failure.code).toBe(code)
    if (made > 0) expect(failure.outcomeUnknown).toBe(true)
    expect(await opened.listNamed('QA team')).toHaveLength(made)
  })

  test.each(['reset', 'unknown', 'truncate', 'html'])(
    'people, and a deletion, survive one %s: the second call does the rest',
    async kind => {
      const { writer, reader, fault, idsOf } = await open()
      const { segmentId } = await writer.createSegment(QA)
      await fault({ kind, match: { method: 'POST' } })
      await writer.changePeople(segmentId, 'add', ['emp_001'])
      expect(await idsOf(segmentId)).toEqual(['emp_001'])
      await fault({ kind, match: { method: 'DELETE' } })
      await writer.deleteSegment(segmentId)
      expect(await reader.readSegment(segmentId)).toBe(undefined)
    },
  )

  test('the limits of both APIs are waited out', async () => {
    const once = [{ max: 1, seconds: 1 }]
    const { writer, countWrites } = await open({
      limits: { customerioApp: once, customerioTrack: once },
      monotonicMs: (() => {
        let nowMs = 0
        return () => (nowMs += 400)
      })(),
    })
    await writer.createSegment(QA)
    await writer.createSegment(QA)
    await writer.changePeople(17, 'add', ['usr_0000000012'])
    await writer.changePeople(17, 'add', ['usr_0000000013'])
    expect(await countWrites()).toBeGreaterThan(4)
  })

  test('a dropped creation is a success that no list shows', async () => {
    const { writer, fault, listNamed } = await open()
    await fault({ kind: 'drop' })
    await writer.createSegment(QA)
    expect(await listNamed('QA team')).toEqual([])
  })
})
