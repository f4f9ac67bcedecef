import { describe, expect, test } from 'vitest'
import { reachableFrom, readSource } from './source.ts'

const files = readSource()

/** Commands that look and never write to a vendor or the store. */
const READERS = [
  'src/cli/plan.ts',
  'src/cli/offline-plan.ts',
  'src/cli/make-plan.ts',
  'src/cli/drift.ts',
  'src/cli/state.ts',
  'src/cli/doctor.ts',
  'src/cli/explain.ts',
  'src/cli/compose-reader.ts',
  'src/cli/validate.ts',
  'src/cli/fmt.ts',
]

/** The modules that can open a writer, or what makes exports, and the engine that would use one. */
const WRITING =
  /^src\/cli\/(?:compose-writer|compose-sync|open-store|open-copy|with-run|with-store|apply|sync|import\w*|state-.*)\.ts$|^src\/engine\/(?!interrupt|pace|refresh|read-members|checkup)/

/** What makes a writer, each with the folder that defines it and the one module beside it that may name it. */
const MAKERS: Readonly<Record<string, { readonly home: string; readonly user: string }>> = {
  createMoengageWriter: { home: 'src/providers/', user: 'src/cli/compose-writer.ts' },
  createCustomerioWriter: { home: 'src/providers/', user: 'src/cli/compose-writer.ts' },
  createMoengageUsers: { home: 'src/providers/', user: 'src/cli/compose-users.ts' },
  createCustomerioExports: { home: 'src/providers/', user: 'src/cli/compose-sync.ts' },
  openWriteClient: { home: 'src/providers/', user: 'src/cli/compose-writer.ts' },
  openDuckdbStore: { home: 'src/store/', user: 'src/cli/open-store.ts' },
  openPostgresStore: { home: 'src/store/', user: 'src/cli/open-store.ts' },
  unlockPostgresStore: { home: 'src/store/', user: 'src/cli/open-store.ts' },
  openPostgresTarget: { home: 'src/store/', user: 'src/cli/open-copy.ts' },
  openDuckdbTarget: { home: 'src/store/', user: 'src/cli/open-copy.ts' },
  unlockDuckdbStore: { home: 'src/store/', user: 'src/cli/open-store.ts' },
}

/** Commands that copy all that is recorded. */
const COPIERS = ['src/cli/state-backup.ts', 'src/cli/state-migrate.ts', 'src/cli/state-restore.ts']

/** Commands that change what is recorded and have no way to a vendor's writer. */
const RECORD_KEEPERS = [
  'src/cli/monitor.ts',
  'src/cli/report.ts',
  'src/cli/state-move.ts',
  'src/cli/state-forget.ts',
  'src/cli/state-rebuild.ts',
  'src/cli/state-unlock.ts',
]

describe('a reader cannot write', () => {
  test.each(READERS)('nothing that writes can be reached from %s, however it is imported', reader => {
    const reached = [...reachableFrom(reader, files)]
    expect(reached).toContain(reader)
    expect(reached.filter(path => WRITING.test(path))).toEqual([])
  })

  test('only a doctor and what syncs may look users up: planning and drift may not', () => {
    const lookers = files.filter(({ imports }) =>
      imports.some(({ path }) => path === 'src/cli/compose-users.ts'),
    )
    expect(lookers.map(({ path }) => path)).toEqual(['src/cli/compose-sync.ts', 'src/cli/doctor.ts'])
  })

  test('the test sees imports at all: apply and sync do reach the writer', () => {
    for (const writer of ['src/cli/apply.ts', 'src/cli/sync.ts'])
      expect([...reachableFrom(writer, files)]).toContain('src/cli/compose-writer.ts')
  })

  test.each(Object.entries(MAKERS))(
    '%s is named in its own folder and in one module',
    (name, { home, user }) => {
      const naming = files.filter(({ path, code }) => !path.startsWith(home) && code.includes(name))
      expect(naming.map(({ path }) => path).filter(path => path !== user)).toEqual([])
    },
  )

  test.each(RECORD_KEEPERS)('%s can write to the store, and to no vendor', keeper => {
    const reached = [...reachableFrom(keeper, files)]
    expect(reached).toContain('src/cli/open-store.ts')
    expect(reached).not.toContain('src/cli/compose-writer.ts')
  })

  test.each(COPIERS)('%s can write to no vendor', copier => {
    const reached = [...reachableFrom(copier, files)]
    expect(reached).toContain('src/cli/open-copy.ts')
    expect(reached).not.toContain('src/cli/compose-writer.ts')
  })

  test('the composition of a writer is imported by the commands that write to a vendor', () => {
    const importers = files.filter(({ imports }) =>
      imports.some(({ path }) => path === 'src/cli/compose-writer.ts'),
    )
    expect(importers.map(({ path }) => path)).toEqual([
      'src/cli/apply.ts',
      'src/cli/import-adopt.ts',
      'src/cli/qa.ts',
      'src/cli/sync.ts',
    ])
  })
})
