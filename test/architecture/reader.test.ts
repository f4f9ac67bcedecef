import { describe, expect, test } from 'vitest'
import { reachableFrom, readSource } from './source.ts'

const files = readSource()

/** Commands that look and never write to a vendor or the store. */
const READERS = [
  'src/cli/plan.ts',
  'src/cli/make-plan.ts',
  'src/cli/compose-reader.ts',
  'src/cli/validate.ts',
  'src/cli/fmt.ts',
]

/** The one module that can open a writer, and the engine that would use one. */
const WRITING =
  /^src\/cli\/(?:compose-writer|with-run|apply|sync)\.ts$|^src\/engine\/(?!interrupt|pace|refresh|read-members)/

/** What makes a writer, each with the folder that defines it. */
const MAKERS = {
  createMoengageWriter: 'src/providers/',
  openWriteClient: 'src/providers/',
  openDuckdbStore: 'src/store/',
}

describe('a reader cannot write', () => {
  test.each(READERS)('nothing that writes can be reached from %s, however it is imported', reader => {
    const reached = [...reachableFrom(reader, files)]
    expect(reached).toContain(reader)
    expect(reached.filter(path => WRITING.test(path))).toEqual([])
  })

  test('the test sees imports at all: apply and sync do reach the writer', () => {
    for (const writer of ['src/cli/apply.ts', 'src/cli/sync.ts'])
      expect([...reachableFrom(writer, files)]).toContain('src/cli/compose-writer.ts')
  })

  test.each(Object.entries(MAKERS))(
    '%s is named in its own folder and in compose-writer alone',
    (name, home) => {
      const naming = files.filter(({ path, code }) => !path.startsWith(home) && code.includes(name))
      const allowed = ['src/cli/compose-writer.ts']
      expect(naming.map(({ path }) => path).filter(path => !allowed.includes(path))).toEqual([])
    },
  )

  test('the composition of a writer is imported by the two commands that write, and by the run around them', () => {
    const importers = files.filter(({ imports }) =>
      imports.some(({ path }) => path === 'src/cli/compose-writer.ts'),
    )
    expect(importers.map(({ path }) => path)).toEqual([
      'src/cli/apply.ts',
      'src/cli/sync.ts',
      'src/cli/with-run.ts',
    ])
  })
})
