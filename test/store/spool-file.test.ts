import { mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DAY_MS } from '../../src/model/time.ts'
import type { Store } from '../../src/ports.ts'
import type { Connection } from '../../src/store/duckdb/connection.ts'
import { holdStore } from '../../src/store/duckdb/held-store.ts'
import { openForWriting } from '../../src/store/duckdb/open.ts'
import { openSpoolFile, resumablePath, type SpoolFile, sweepSpools } from '../../src/store/spool-file.ts'
import { AT, createSurroundings, identifiers } from '../contract/store-under-test.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-spool-'))
})
afterEach(() => rm(folder, { recursive: true }))

const KEY = 'segment 14 by id'

/** A clock that stands still until it is set. */
const createClock = () => {
  let ms = Date.parse(AT)
  return {
    now: () => new Date(ms).toISOString(),
    pass: (more: number) => {
      ms += more
    },
  }
}

describe('the rows of a spool', () => {
  let path: string
  let clock: ReturnType<typeof createClock>
  beforeEach(() => {
    path = resumablePath(folder, 'vip')
    clock = createClock()
  })
  const begin = (resumeKey: string | undefined = KEY): Promise<SpoolFile> =>
    openSpoolFile({ path, resumeKey, clock })
  const append = async (file: SpoolFile, text: string, note?: string): Promise<void> =>
    file.append(Buffer.from(text), text.split('\n').length - 1, note)
  const read = async (): Promise<string> => readFile(path, 'utf8')

  test('are gone on with from the last note, and what came after it is cut off', async () => {
    const first = await begin()
    expect(first.resumed).toBeUndefined()
    await append(first, 'c1\x1fa\nc2\x1fb\n', 'page 1')
    await append(first, 'c3\x1fc\n', 'page 2')
    await append(first, 'c4\x1fd\n')
    await first.keep()
    const second = await begin()
    expect([second.resumed, second.rows]).toEqual(['page 2', 3])
    await append(second, 'c9\x1fz\n', 'page 3')
    await second.end()
    expect(await read()).toBe('c1\x1fa\nc2\x1fb\nc3\x1fc\nc9\x1fz\n')
  })

  test('a note counts once it is on disk: the first at once, the next ones after a second or four megabytes', async () => {
    const notes: (string | undefined)[] = []
    const look = async (): Promise<void> => {
      // As a killed process leaves it: whatever this one still has in hand is not written.
      const name = path.replace(/rows$/, 'mark.json')
      notes.push(JSON.parse(await readFile(name, 'utf8')).note)
    }
    const file = await begin()
    for (const [page, passes] of [
      [1, 0],
      [2, 0],
      [3, 999],
      [4, 1],
    ] as const) {
      clock.pass(passes)
      await append(file, 'c1\x1fa\n', `page ${page}`)
      await look()
    }
    await append(file, `c2\x1f${'x'.repeat(4 * 1024 * 1024)}\n`, 'page 5')
    await look()
    await file.keep()
    expect(notes).toEqual(['page 1', 'page 1', 'page 1', 'page 4', 'page 5'])
  })

  test('without a note there is nothing to keep', async () => {
    const file = await begin()
    await append(file, 'c1\x1fa\n')
    await file.keep()
    expect(await readdir(folder)).toEqual([])
  })

  test('begin anew under another key, and without one', async () => {
    for (const key of ['segment 15 by id', undefined]) {
      const file = await begin()
      await append(file, 'c1\x1fa\n', 'page 1')
      await file.keep()
      const other = await openSpoolFile({ path, resumeKey: key, clock })
      expect([other.resumed, other.rows]).toEqual([undefined, 0])
      await other.end()
      expect(await read()).toBe('')
    }
  })

  test.each<[what: string, damage: (mark: string) => Promise<void>]>([
    ['a mark that is half there', mark => truncate(mark, 40)],
    ['a mark that is empty', mark => truncate(mark, 0)],
    ['a mark of another version', mark => writeFile(mark, '{"format_version":99}')],
    ['no mark', mark => rm(mark)],
    ['rows that are shorter than the mark says', () => truncate(resumablePath(folder, 'vip'), 3)],
    ['no rows', () => rm(resumablePath(folder, 'vip'))],
  ])('begin anew with %s', async (_what, damage) => {
    const file = await begin()
    await append(file, 'c1\x1fa\n', 'page 1')
    await file.keep()
    await damage(path.replace(/rows$/, 'mark.json'))
    const next = await begin()
    expect([next.resumed, next.rows]).toEqual([undefined, 0])
    await append(next, 'c2\x1fb\n', 'page 1')
    await next.keep()
    expect(await read()).toBe('c2\x1fb\n')
    expect((await begin()).resumed).toBe('page 1')
  })

  test('are kept for a day, and swept away afterwards together with all that nobody goes on with', async () => {
    const file = await begin()
    await append(file, 'c1\x1fa\n', 'page 1')
    await file.keep()
    await writeFile(join(folder, '7.rows'), 'c1\x1fa\n')
    await writeFile(join(folder, 'stray.mark.json'), '{}')
    clock.pass(DAY_MS)
    await sweepSpools(folder, clock.now())
    expect(await readdir(folder)).toHaveLength(2)
    const left = await begin()
    expect(left.resumed).toBe('page 1')
    await left.end()
    clock.pass(1)
    expect((await begin()).resumed).toBeUndefined()
    await sweepSpools(folder, clock.now())
    await expect(readdir(folder)).rejects.toThrow()
    await writeFile(folder, '')
  })

  test('are readable by their owner only, and so is what is noted of them', async () => {
    const file = await begin()
    await append(file, 'c1\x1fa\n', 'page 1')
    const names = await readdir(folder)
    expect(names).toHaveLength(2)
    for (const name of names) expect((await stat(join(folder, name))).mode & 0o077).toBe(0)
    expect(names.join()).not.toContain('vip')
    await file.remove()
    expect(await readdir(folder)).toEqual([])
  })
})

describe('a read that was killed', () => {
  const options = () => ({ path: join(folder, 'local.duckdb'), target: 'the test', ...createSurroundings() })

  /** Opens the store as a process of its own would, that can be killed. */
  const openToDie = async (): Promise<{ readonly store: Store; die(): Promise<void> }> => {
    const connection: Connection = await openForWriting(options())
    return { store: await holdStore(connection, options()), die: () => connection.close() }
  }

  test('goes on in the next process, and is compared as one', async () => {
    const first = await openToDie()
    const spool = await first.store.openSpool('vip', { resumeKey: KEY })
    await spool.append([{ person: 'c1', identifier: 'usr_1' }], '{"page":1}')
    await first.die()
    const second = await openToDie()
    const other = await second.store.openSpool('winback', { resumeKey: KEY })
    expect(other.resumed).toBeUndefined()
    await other.discard()
    const resumed = await second.store.openSpool('vip', { resumeKey: KEY })
    expect(resumed.resumed).toBe('{"page":1}')
    await resumed.append([
      { person: 'c2', identifier: 'usr_2' },
      { person: 'c1', identifier: 'usr_1' },
    ])
    const delta = await resumed.computeDelta()
    expect([delta.people, await identifiers(delta, 'add')]).toEqual([2, ['usr_1', 'usr_2']])
    await delta.close()
    expect(await readdir(`${join(folder, 'local.duckdb')}.spool`)).toEqual([])
    await second.store.close()
    expect((await readdir(folder)).filter(name => name.includes('spool'))).toEqual([])
  })

  test('is left behind by a store that is closed, and by nothing else', async () => {
    const { store } = await openToDie()
    const kept = await store.openSpool('vip', { resumeKey: KEY })
    await kept.append([{ person: 'c1', identifier: 'usr_1' }], 'page 1')
    await kept.keep()
    const dropped = await store.openSpool('winback')
    await dropped.append([{ person: 'c1', identifier: 'usr_1' }], 'page 1')
    await dropped.keep()
    await store.close()
    const names = await readdir(`${join(folder, 'local.duckdb')}.spool`)
    expect(names.map(name => name.replace(/^[0-9a-f]{16}/, 'vip')).sort()).toEqual([
      'vip.mark.json',
      'vip.rows',
    ])
  })
})
