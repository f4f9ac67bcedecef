import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

/**
 * Stories told many times over sockets, or call by call until the process dies: minutes each. `MUSTER_TESTS=all` runs
 * them too; `npm run faults` and `npm run soak` have their long forms.
 */
const LONG = [
  'test/cli/apply-interrupt.test.ts',
  'test/cli/apply-lost.test.ts',
  'test/cli/apply-move.test.ts',
  'test/cli/apply-rename.test.ts',
  'test/cli/apply-source.test.ts',
  'test/cli/lost-cohort.test.ts',
  'test/cli/plan-unknowns.test.ts',
  'test/faults/killed-after.test.ts',
  'test/faults/killed-before.test.ts',
  'test/faults/migrate-killed.test.ts',
  'test/faults/sync-keep.test.ts',
  'test/faults/sync-killed-after.test.ts',
  'test/faults/sync-killed-before.test.ts',
  'test/faults/sync-sticky-from-entry.test.ts',
  'test/soak/soak.test.ts',
  'test/store/postgres-cut.test.ts',
  'test/store/postgres-same-store.test.ts',
  'test/store/same-store.test.ts',
]

/** A sweep chooses its files itself. */
const runsAll = process.env.MUSTER_TESTS === 'all' || process.env.MUSTER_FAULTS !== undefined

/** Tests run on the sources, in any order, each file in a process of its own. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: runsAll ? [] : LONG,
    // Half of what the tests of commands do is waiting: for disks, sockets and other processes.
    maxWorkers: 2 * availableParallelism(),
    // A test that walks the whole programme takes seconds, and more on a machine that is busy.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
