import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createPace } from '../../src/engine/pace.ts'
import { createInstantClock, type InstantClock } from '../providers/support/clock.ts'

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

/** Starts in each interval after the moment, one number for each interval. */
const startsAfter = async (
  pace: ReturnType<typeof createPace>,
  clock: InstantClock,
  { intervals, intervalMs }: { readonly intervals: number; readonly intervalMs: number },
): Promise<readonly number[]> => {
  const fromMs = clock.monotonicMs()
  const counts = Array.from({ length: intervals }, () => 0)
  for (;;) {
    await pace.take()
    const index = Math.floor((clock.monotonicMs() - fromMs) / intervalMs)
    if (index >= intervals) return counts
    counts[index] = (counts[index] ?? 0) + 1
  }
}

describe('after the vendor said "too many"', () => {
  const busyPace = async (clock: InstantClock) => {
    const pace = createPace({ limit: 240, intervalMs: 60_000, clock })
    for (let taken = 0; taken < 240; taken += 1) await pace.take()
    return pace
  }

  test('half as many start, in a short burst and then at even distances, and a tenth more each minute', async () => {
    const clock = createInstantClock()
    const pace = await busyPace(clock)
    pace.pauseFor(30_000)
    clock.advance(30_000)
    const counts = await startsAfter(pace, clock, { intervals: 7, intervalMs: 60_000 })
    expect(counts).toEqual([135, 155, 180, 203, 228, 240, 240])
  })

  test('several calls that hear it together are one refusal', async () => {
    const clock = createInstantClock()
    const pace = await busyPace(clock)
    for (let call = 0; call < 8; call += 1) pace.pauseFor(30_000 + call)
    clock.advance(30_007)
    const [first] = await startsAfter(pace, clock, { intervals: 1, intervalMs: 60_000 })
    expect(first).toBe(135)
  })

  test('said again and again, a sixteenth of the limit is still tried', async () => {
    const clock = createInstantClock()
    const pace = await busyPace(clock)
    for (let refusal = 0; refusal < 20; refusal += 1) {
      pace.pauseFor(1_000)
      clock.advance(1_000)
    }
    const [first] = await startsAfter(pace, clock, { intervals: 1, intervalMs: 60_000 })
    expect(first).toBeGreaterThanOrEqual(15)
    expect(first).toBeLessThan(40)
  })

  test('a quiet time after it earns a burst again', async () => {
    const clock = createInstantClock()
    const pace = await busyPace(clock)
    pace.pauseFor(1_000)
    clock.advance(20 * 60_000)
    const fromMs = clock.monotonicMs()
    for (let taken = 0; taken < 60; taken += 1) await pace.take()
    expect(clock.monotonicMs()).toBe(fromMs)
  })

  test('beside a partner that eats half of the limit, calls come through and few are refused', async () => {
    const clock = createInstantClock()
    const pace = createPace({ limit: 240, intervalMs: 60_000, clock })
    const vendor = createVendor(300)
    // The partner starts evenly, 150 a minute, and does not care about refusals.
    let partnerDueMs = 0
    let refused = 0
    let done = 0
    const untilMs = 10 * 60_000
    while (clock.monotonicMs() < untilMs) {
      await pace.take()
      for (; partnerDueMs <= clock.monotonicMs(); partnerDueMs += 400) vendor.accept(partnerDueMs)
      const resetMs = vendor.accept(clock.monotonicMs())
      if (resetMs === undefined) done += 1
      else {
        refused += 1
        // No client comes back sooner.
        pace.pauseFor(Math.max(resetMs, 1_000))
      }
    }
    expect(refused).toBeLessThanOrEqual(10)
    // 150 a minute are free.
    expect(done).toBeGreaterThan(1_200)
  })
})

/** A sliding window of a minute; answers how long until there is room, or undefined when the call was taken. */
const createVendor = (limit: number) => {
  const taken: number[] = []
  return {
    accept: (atMs: number): number | undefined => {
      while (taken[0] !== undefined && taken[0] <= atMs - 60_000) taken.shift()
      if (taken.length >= limit) return (taken[0] ?? atMs) + 60_000 - atMs
      taken.push(atMs)
      return undefined
    },
  }
}

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
