import { expect, test } from 'vitest'
import { applyPlan } from '../../src/engine/apply.ts'
import type { Run } from '../../src/engine/run.ts'
import { invariant } from '../../src/model/invariant.ts'
import { NOT_OBSERVED } from '../../src/plan/observed.ts'
import type { Store } from '../../src/ports.ts'
import { createMemoryStore } from '../support/memory-store.ts'
import { aChange, anAttribute, aPlan, PLANNED_AT } from '../support/plan.ts'

/** A run over a store, with nothing to call: bindings live in the store alone. */
const runOver = (store: Store): Run => {
  const nothing = new Proxy({}, { get: () => invariant(false, 'no vendor is called') })
  return {
    runId: 'r1',
    now: PLANNED_AT,
    store,
    clock: { now: () => PLANNED_AT, monotonicMs: () => 0, sleep: async () => undefined },
    reporter: { report: () => undefined },
    signal: new AbortController().signal,
    // Never looked at by a binding that goes away.
    workspace: nothing as Run['workspace'],
    reader: nothing as Run['reader'],
    exports: nothing as Run['exports'],
    claimedExports: new Set(),
    writer: nothing as Run['writer'],
  }
}

const update = (id: string) =>
  aChange({
    address: `binding.${id}`,
    action: 'update',
    attributes: [anAttribute('description', { before: 'before', after: 'after' })],
  })

test('a run that was taken over writes nothing more, and says so', async () => {
  const memory = createMemoryStore()
  const run = runOver(await memory.open())
  const later = await memory.seize()
  const outcomes = await applyPlan(run, aPlan({ changes: [update('vip'), update('winback')] }), {
    audiences: new Map(),
    observed: NOT_OBSERVED,
  })
  expect(outcomes.map(({ address, result }) => [address, result.kind])).toEqual([
    ['binding.vip', 'failed'],
    ['binding.winback', 'skipped'],
  ])
  expect(outcomes[0]?.result).toMatchObject({ failure: { code: 'store/fenced' } })
  expect((await later.readState()).objects.size).toBe(0)
})
