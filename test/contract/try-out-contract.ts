import { describe, expect, test } from 'vitest'
import type { QaEvidence, RecordedAllowance } from '../../src/model/recorded.ts'
import type { StoreWrite } from '../../src/model/store-write.ts'
import { useStore } from './open-store.ts'
import { AT, LATER, type StoreUnderTest, withMaps } from './store-under-test.ts'

const EVIDENCE: QaEvidence = {
  audience: 'vip',
  at: AT,
  runId: 'r1',
  source: 'segment 14 "VIP"',
  identifier: 'id',
  accepted: 8,
  resolved: 7,
}
const ALLOWANCE: RecordedAllowance = {
  audience: 'vip',
  guard: 'max-removal',
  reason: 'the "big" clean-up\nof ß',
  at: AT,
  runId: 'r1',
}
const evidence = (facts: Partial<QaEvidence> = {}): StoreWrite => ({
  kind: 'evidence',
  evidence: { ...EVIDENCE, ...facts },
})
const allowance = (facts: Partial<RecordedAllowance> = {}): StoreWrite => ({
  kind: 'allowance',
  allowance: { ...ALLOWANCE, ...facts },
})

/** What is shown in plans: that an audience was tried out, and which guards a person let pass. */
export const describeTryOutContract = (name: string, create: () => Promise<StoreUnderTest>): void => {
  describe(`${name} remembers what was tried and what was let pass`, () => {
    const opened = useStore(create)
    const readBoth = async () => {
      const { evidence, allowances } = withMaps(await opened.store.readState())
      expect(withMaps(await opened.underTest.readStateAside())).toMatchObject({ evidence, allowances })
      return { evidence: Object.fromEntries(evidence), allowances: Object.fromEntries(allowances) }
    }

    test('the latest evidence of each audience', async () => {
      await opened.store.commit([evidence(), evidence({ audience: 'winback' })])
      const { resolved, ...unasked } = EVIDENCE
      const later: QaEvidence = { ...unasked, at: LATER, accepted: 0 }
      await opened.store.commit([{ kind: 'evidence', evidence: later }])
      const known = { vip: later, winback: { ...EVIDENCE, audience: 'winback' } }
      expect((await readBoth()).evidence).toEqual(known)
      await opened.reopen()
      expect((await readBoth()).evidence).toEqual(known)
    })

    test('the latest allowance of each audience and guard, until that audience’s are dropped', async () => {
      await opened.store.commit([
        allowance(),
        allowance({ guard: 'coverage' }),
        allowance({ audience: 'winback' }),
      ])
      await opened.store.commit([allowance({ at: LATER, reason: 'again' })])
      const winback = { 'winback:max-removal': { ...ALLOWANCE, audience: 'winback' } }
      const known = {
        'vip:max-removal': { ...ALLOWANCE, at: LATER, reason: 'again' },
        'vip:coverage': { ...ALLOWANCE, guard: 'coverage' },
        ...winback,
      }
      expect((await readBoth()).allowances).toEqual(known)
      await opened.reopen()
      expect((await readBoth()).allowances).toEqual(known)
      await opened.store.commit([{ kind: 'drop-allowances', audience: 'vip' }])
      await opened.store.commit([{ kind: 'drop-allowances', audience: 'nobody' }])
      expect((await readBoth()).allowances).toEqual(winback)
      await opened.reopen()
      expect((await readBoth()).allowances).toEqual(winback)
    })

    test('neither makes a plan stale, nor goes with a ledger that moves', async () => {
      await opened.store.commit([evidence(), allowance()])
      expect((await opened.store.readState()).head).toBe(0)
      await opened.store.commit([{ kind: 'move-ledger', from: 'vip', to: 'vip@g1' }])
      await opened.store.commit([{ kind: 'drop-ledger', audience: 'vip' }])
      expect(await readBoth()).toEqual({
        evidence: { vip: EVIDENCE },
        allowances: { 'vip:max-removal': ALLOWANCE },
      })
    })

    test('a commit that fails takes them back', async () => {
      await opened.store.commit([evidence(), allowance()])
      const before = await readBoth()
      const broken: StoreWrite = { kind: 'batch', audience: 'nobody', list: 'add', from: 1, to: 1, at: AT }
      for (const write of [
        evidence({ at: LATER }),
        allowance({ at: LATER }),
        { kind: 'drop-allowances', audience: 'vip' } as const,
      ]) {
        await expect(opened.store.commit([write, broken])).rejects.toThrow()
        expect(await readBoth()).toEqual(before)
      }
    })
  })
}
