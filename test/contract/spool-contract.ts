import { beforeEach, describe, expect, test } from 'vitest'
import type { Delta, Spool, SpooledPerson } from '../../src/ports.ts'
import { useLedgers } from './open-store.ts'
import { readPeople } from './run-day.ts'
import { identifiers, type StoreUnderTest, withMaps } from './store-under-test.ts'

const KEY = 'segment 14, key id'

/** Read people wait in a spool, which a read that was cut off goes on with. */
export const describeSpoolContract = (name: string, create: () => Promise<StoreUnderTest>): void => {
  describe(`${name} keeps a spool for whoever goes on reading`, () => {
    const opened = useLedgers(create)
    beforeEach(async () => {
      for (const audience of ['vip', 'winback']) await (await opened.store.openSpool(audience)).discard()
    })
    const begin = (resumeKey?: string, audience = 'vip'): Promise<Spool> =>
      opened.store.openSpool(audience, resumeKey === undefined ? {} : { resumeKey })
    /** Reads two pages and is interrupted. */
    const leave = async (audience = 'vip'): Promise<void> => {
      const spool = await begin(KEY, audience)
      await spool.append(readPeople('ada bo'), 'page 2')
      await spool.append(readPeople('cy='), 'page 3')
      await spool.keep()
    }
    const read = async (spool: Spool): Promise<{ people: number; adds: readonly string[] }> => {
      const delta: Delta = await spool.computeDelta()
      const adds = await identifiers(delta, 'add')
      await delta.close()
      return { people: delta.people, adds }
    }

    test('a new one has nothing to go on with', async () => {
      const spool = await begin(KEY)
      expect(spool.resumed).toBeUndefined()
      expect(await read(spool)).toEqual({ people: 0, adds: [] })
    })

    test('one that was kept goes on with everyone who was appended, from the last note', async () => {
      await leave()
      const spool = await begin(KEY)
      expect(spool.resumed).toBe('page 3')
      await spool.append(readPeople('di'), 'page 4')
      expect(await read(spool)).toEqual({ people: 4, adds: ['ada', 'bo', 'di'] })
    })

    test('also when the store was opened again in between, and more than once', async () => {
      await leave()
      await opened.reopen()
      const second = await begin(KEY)
      await second.append(readPeople('di'), 'page 4')
      await second.keep()
      await opened.reopen()
      const third = await begin(KEY)
      expect(third.resumed).toBe('page 4')
      await third.append(readPeople('eve'))
      expect(await read(third)).toEqual({ people: 5, adds: ['ada', 'bo', 'di', 'eve'] })
    })

    test('one that is kept at once, or dies without a word, is no further and no less far', async () => {
      await leave()
      await (await begin(KEY)).keep()
      await opened.reopen()
      await begin(KEY)
      await opened.reopen()
      const spool = await begin(KEY)
      expect(spool.resumed).toBe('page 3')
      expect(await read(spool)).toEqual({ people: 3, adds: ['ada', 'bo'] })
    })

    test('what was appended after the last note is read again', async () => {
      const first = await begin(KEY)
      await first.append(readPeople('ada'), 'page 2')
      await first.append(readPeople('bo'))
      await first.keep()
      const second = await begin(KEY)
      expect(second.resumed).toBe('page 2')
      expect(await read(second)).toEqual({ people: 1, adds: ['ada'] })
    })

    test('a note covers what was appended before it without one', async () => {
      const first = await begin(KEY)
      await first.append(readPeople('ada'))
      await first.append([], 'page 2')
      await first.keep()
      const second = await begin(KEY)
      expect(second.resumed).toBe('page 2')
      expect(await read(second)).toEqual({ people: 1, adds: ['ada'] })
    })

    test.each<[what: string, resumeKey: string | undefined]>([
      ['under another key', 'segment 15, key id'],
      ['without a key', undefined],
    ])('one that is opened %s begins anew, and throws away what was kept', async (_what, resumeKey) => {
      await leave()
      const spool = await begin(resumeKey)
      expect(spool.resumed).toBeUndefined()
      await spool.append(readPeople('zoe'))
      await spool.keep()
      const next = await begin(KEY)
      expect(next.resumed).toBeUndefined()
      expect(await read(next)).toEqual({ people: 0, adds: [] })
    })

    test.each<[what: string, end: (spool: Spool) => Promise<unknown>]>([
      ['discarded', spool => spool.discard()],
      ['compared', spool => read(spool)],
    ])('one that was %s is gone', async (_what, end) => {
      await leave()
      await end(await begin(KEY))
      expect((await begin(KEY)).resumed).toBeUndefined()
    })

    test('without a note, or without a key, nothing is kept', async () => {
      const unnoted = await begin(KEY)
      await unnoted.append(readPeople('ada'))
      await unnoted.keep()
      const second = await begin(KEY)
      expect(second.resumed).toBeUndefined()
      await second.discard()
      const unkeyed = await begin()
      await unkeyed.append(readPeople('ada'), 'page 2')
      await unkeyed.keep()
      const last = await begin(KEY)
      expect(last.resumed).toBeUndefined()
      expect(await read(last)).toEqual({ people: 0, adds: [] })
    })

    test('each audience has its own', async () => {
      await leave('vip')
      const spool = await begin(KEY, 'winback')
      expect(spool.resumed).toBeUndefined()
      await spool.append(readPeople('zoe'), 'page 9')
      await spool.keep()
      expect((await begin(KEY, 'vip')).resumed).toBe('page 3')
      expect((await begin(KEY, 'winback')).resumed).toBe('page 9')
    })

    test('notes, and names of people, are kept to the letter', async () => {
      const odd: readonly SpooledPerson[] = [
        { person: 'c,1', identifier: '"quoted"' },
        { person: "o'neil", identifier: '用户 😀' },
        { person: '\\N', identifier: 'NULL' },
      ]
      const note = '{"cursor":"a\\"b\\n","rows":3,"text":"ß😀"}'
      const first = await begin('key: "segment"\n14 ß😀')
      await first.append(odd, note)
      await first.keep()
      await opened.reopen()
      const second = await begin('key: "segment"\n14 ß😀')
      expect(second.resumed).toBe(note)
      expect((await read(second)).adds).toEqual(['"quoted"', 'NULL', '用户 😀'])
    })

    test('a person who cannot be spooled ends the read, not what was kept of it', async () => {
      await leave()
      const spool = await begin(KEY)
      await expect(spool.append([{ person: 'c\u001f1', identifier: 'usr_1' }], 'page 4')).rejects.toThrow()
      await spool.keep()
      const next = await begin(KEY)
      expect(next.resumed).toBe('page 3')
      expect(await read(next)).toEqual({ people: 3, adds: ['ada', 'bo'] })
    })

    test('a state that is read shows nothing of it', async () => {
      const before = withMaps(await opened.store.readState())
      await leave()
      expect(withMaps(await opened.store.readState())).toEqual(before)
    })
  })
}
