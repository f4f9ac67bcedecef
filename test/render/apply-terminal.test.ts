import { expect, test } from 'vitest'
import type { ChangeOutcome, ChangeResult } from '../../src/model/outcome.ts'
import type { Action, Address } from '../../src/model/plan.ts'
import { renderOutcomes, writeOutcomes } from '../../src/render/apply-terminal.ts'
import { PLAIN } from '../../src/render/paint.ts'
import { aChange, aPlan } from '../support/plan.ts'

const outcome = (address: Address, action: Action, result: ChangeResult): ChangeOutcome => ({
  address,
  change: aChange({ address, action }),
  result,
})
const done = (note?: string): ChangeResult => ({ kind: 'done', ...(note === undefined ? {} : { note }) })
const failure = {
  origin: 'moengage',
  code: 'provider/unavailable',
  detail: 'MoEngage answered 500.',
  hint: 'run the same command again',
  retryable: true,
} as const

const outcomes: readonly ChangeOutcome[] = [
  outcome('source.qa', 'create', done()),
  outcome('cohort.gold', 'adopt', done('recorded, no call')),
  outcome('cohort.vip', 'rename', done('1,858 members carried over')),
  outcome('binding.vip', 'update', { kind: 'waiting', why: 'for cohort.vip to be listed' }),
  outcome('sendable.vip', 'rename', { kind: 'failed', failure }),
  outcome('cohort.vip@g1', 'retire', { kind: 'skipped' }),
  outcome('cohort.lost', 'forget', done()),
]

test('what became of each change, by its symbol', () => {
  expect(renderOutcomes(outcomes, PLAIN)).toBe(`  + source.qa      done
  > cohort.gold    done recorded, no call
  » cohort.vip     done 1,858 members carried over
  ~ binding.vip    waiting for cohort.vip to be listed
  » sendable.vip   failed MoEngage answered 500. [provider/unavailable]
      hint: run the same command again
  - cohort.vip@g1  not tried
  . cohort.lost    done

Partly applied: 4 done, 1 waiting, 1 failed, 1 not tried. Run the same command again to go on.
`)
})

test('all done, and none', () => {
  const last = (some: readonly ChangeOutcome[]): string | undefined =>
    renderOutcomes(some, PLAIN).trimEnd().split('\n').at(-1)
  expect(last(outcomes.slice(0, 3))).toBe('Applied: 3 done.')
  expect(last(outcomes.slice(4, 6))).toBe(
    'Nothing applied: 1 failed, 1 not tried. Run the same command again to go on.',
  )
})

test('for programs', () => {
  expect(writeOutcomes(aPlan(), outcomes.slice(2, 6))).toEqual({
    digest: 'sha256:bb',
    refused: [],
    outcomes: [
      { address: 'cohort.vip', action: 'rename', result: 'done', note: '1,858 members carried over' },
      { address: 'binding.vip', action: 'update', result: 'waiting', why: 'for cohort.vip to be listed' },
      { address: 'sendable.vip', action: 'rename', result: 'failed', code: 'provider/unavailable' },
      { address: 'cohort.vip@g1', action: 'retire', result: 'skipped' },
    ],
  })
})
