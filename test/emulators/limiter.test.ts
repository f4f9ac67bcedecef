import { expect, test } from 'vitest'
import { createLimiter } from '../../src/emulators/limiter.ts'

const createAt = (windows: { max: number; seconds: number }[]) => {
  const time = { ms: 0 }
  return { time, limiter: createLimiter(windows, () => time.ms) }
}

test('a window is full after its maximum, and has room again when the oldest unit leaves', () => {
  const { time, limiter } = createAt([{ max: 2, seconds: 1 }])
  expect(limiter.take()).toMatchObject({ allowed: true, remaining: 1, resetMs: 1000 })
  time.ms = 400
  expect(limiter.take()).toMatchObject({ allowed: true, remaining: 0, resetMs: 600 })
  expect(limiter.take()).toMatchObject({ allowed: false, remaining: 0, resetMs: 600 })
  time.ms = 999
  expect(limiter.take().allowed).toBe(false)
  time.ms = 1000
  expect(limiter.take().allowed).toBe(true)
})

test('the window that refuses is the one that is named', () => {
  const { time, limiter } = createAt([
    { max: 2, seconds: 60 },
    { max: 3, seconds: 3600 },
  ])
  for (const ms of [0, 1000, 61_000]) {
    time.ms = ms
    expect(limiter.take().allowed).toBe(true)
  }
  time.ms = 125_000
  expect(limiter.take()).toMatchObject({ allowed: false, window: { max: 3, seconds: 3600 } })
})

test('units count, and what was refused does not', () => {
  const { limiter } = createAt([{ max: 20, seconds: 60 }])
  expect(limiter.take(15)).toMatchObject({ allowed: true, remaining: 5 })
  expect(limiter.take(6)).toMatchObject({ allowed: false })
  expect(limiter.take(5)).toMatchObject({ allowed: true, remaining: 0 })
})
