import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createPace } from '../../src/engine/pace.ts'
import { createInstantClock } from '../providers/support/clock.ts'

const startTimes = async (count: number, options: { limit: number; intervalMs: number; burst?: number }) => {
  const clock = createInstantClock()
  const pace = createPace({ ...options, clock })
  const times: number[] = []
  for (let i = 0; i < count; i++) {
    await pace.take()
    times.push(clock.monotonicMs())
  }
  return times
}

/** The most starts in any window of the length; a window includes its beginning and not its end. */
const busiestWindow = (times: readonly number[], intervalMs: number): number =>
  Math.max(0, ...times.map(from => times.filter(time => time >= from && time < from + intervalMs).length))

describe('how starts are spread', () => {
  test('the first quarter goes at once, the rest keeps even distances, and the window closes at its limit', async () => {
    expect(await startTimes(11, { limit: 8, intervalMs: 1000 })).toEqual([
      0, 0, 125, 250, 375, 500, 625, 750, 1000, 1000, 1125,
    ])
  })

  test('at 240 a minute the first 60 calls wait for nothing', async () => {
    const times = await startTimes(61, { limit: 240, intervalMs: 60_000 })
    expect(times.slice(0, 60).every(time => time === 0)).toBe(true)
    expect(times[60]).toBe(250)
  })

  test('the whole limit is used, minute after minute', async () => {
    const times = await startTimes(721, { limit: 240, intervalMs: 60_000 })
    expect(times[239]).toBeLessThan(60_000)
    expect(times[479]).toBeLessThan(120_000)
    expect(times[720]).toBe(180_000)
  })

  test('a quiet time earns one burst, not two', async () => {
    const clock = createInstantClock()
    const pace = createPace({ limit: 8, intervalMs: 1000, clock })
    clock.advance(1_000_000)
    const times = []
    for (let i = 0; i < 4; i++) {
      await pace.take()
      times.push(clock.monotonicMs() - 1_000_000)
    }
    expect(times).toEqual([0, 0, 125, 250])
  })

  test('never more than the limit in any window, whatever the gaps, pauses and early timers', async () => {
    const step = fc.record({ gapMs: fc.nat(400), pauseMs: fc.option(fc.nat(900), { nil: undefined }) })
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 12 }),
        fc.array(step, { maxLength: 60 }),
        async (limit, steps) => {
          const clock = createInstantClock()
          const early = { ...clock, sleep: async (ms: number) => clock.advance(Math.max(0.4, ms * 0.7)) }
          const pace = createPace({ limit, intervalMs: 1000, clock: early })
          const times: number[] = []
          for (const { gapMs, pauseMs } of steps) {
            clock.advance(gapMs)
            if (pauseMs !== undefined) pace.pauseFor(pauseMs)
            await pace.take()
            times.push(clock.monotonicMs())
          }
          expect(busiestWindow(times, 1000)).toBeLessThanOrEqual(limit)
        },
      ),
      { numRuns: 60 },
    )
  })
})

describe('order and pauses', () => {
  test('first come, first served', async () => {
    const clock = createInstantClock()
    const pace = createPace({ limit: 2, intervalMs: 1000, clock })
    const order: number[] = []
    await Promise.all([1, 2, 3, 4, 5].map(n => pace.take().then(() => order.push(n))))
    expect(order).toEqual([1, 2, 3, 4, 5])
  })

  test('nobody starts during a pause, and a shorter one does not cut a longer one', async () => {
    const clock = createInstantClock()
    const pace = createPace({ limit: 8, intervalMs: 1000, clock })
    pace.pauseFor(5000)
    pace.pauseFor(10)
    await pace.take()
    expect(clock.monotonicMs()).toBe(5000)
  })

  test('a pause that is called while somebody waits holds for them too', async () => {
    const clock = createInstantClock()
    const pausing = {
      ...clock,
      sleep: async (ms: number) => {
        if (clock.waits.length === 0) pace.pauseFor(3000)
        await clock.sleep(ms)
      },
    }
    const pace = createPace({ limit: 1, intervalMs: 1000, clock: pausing })
    await pace.take()
    await pace.take()
    expect(clock.monotonicMs()).toBe(3000)
  })
})

describe('aborting', () => {
  test('rejects with the reason, spends nothing, and lets those behind go on', async () => {
    const clock = createInstantClock()
    const pace = createPace({ limit: 1, intervalMs: 1000, clock })
    const stop = new AbortController()
    await pace.take()
    stop.abort(new Error('enough'))
    const [stopped, behind] = await Promise.allSettled([pace.take(stop.signal), pace.take()])
    expect(stopped).toEqual({ status: 'rejected', reason: new Error('enough') })
    expect(behind.status).toBe('fulfilled')
    expect(clock.monotonicMs()).toBe(1000)
  })

  test('an abort during the wait ends it', async () => {
    const clock = createInstantClock()
    const stop = new AbortController()
    const stopping = {
      ...clock,
      sleep: async () => {
        stop.abort(new Error('enough'))
      },
    }
    const pace = createPace({ limit: 1, intervalMs: 1000, clock: stopping })
    await pace.take()
    await expect(pace.take(stop.signal)).rejects.toThrow('enough')
  })
})

test.each([
  { limit: 0, intervalMs: 1000 },
  { limit: 1.5, intervalMs: 1000 },
  { limit: 1, intervalMs: 0 },
  { limit: 4, intervalMs: 1000, burst: 5 },
])('%o is a bug of the caller', options => {
  expect(() => createPace({ ...options, clock: createInstantClock() })).toThrow(/pace|burst/)
})
