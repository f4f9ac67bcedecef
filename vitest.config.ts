import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

/** Tests run on the sources, in any order, each file in a process of its own. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Half of what the tests of commands do is waiting: for disks, sockets and other processes.
    maxWorkers: 2 * availableParallelism(),
    // A test that walks the whole programme takes seconds, and more on a machine that is busy.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
