import { describe, expect, test } from 'vitest'
import { createProgress } from '../../src/cli/progress.ts'
import type { ProgressEvent } from '../../src/ports.ts'
import { describeProgress } from '../../src/render/progress-line.ts'

const record = (isTerminal: boolean) => {
  const written: string[] = []
  let nowMs = 0
  const progress = createProgress({ write: text => written.push(text), isTerminal, monotonicMs: () => nowMs })
  const report = (atMs: number, done: number): void => {
    nowMs = atMs
    progress.report({ subject: 'vip', phase: 'push', done, total: 12_000 })
  }
  return { written, report, progress }
}

describe('progress', () => {
  test('in a log: plain lines, at most one a second, none for what is over at once', () => {
    const { written, report } = record(false)
    for (const [atMs, done] of [
      [10, 100],
      [900, 3_000],
      [1_100, 4_000],
      [1_900, 6_000],
      [2_200, 8_000],
    ] as const)
      report(atMs, done)
    expect(written).toEqual(['push vip: 4,000 of 12,000 members\n', 'push vip: 8,000 of 12,000 members\n'])
  })

  test('on a terminal: one line that is redrawn, and gone when something is printed', () => {
    const { written, report, progress } = record(true)
    report(0, 6_000)
    report(20, 7_000)
    report(200, 12_000)
    progress.clear()
    expect(written).toEqual([
      '████████████░░░░░░░░░░░░ push vip: 6,000 of 12,000 members',
      '\r\x1b[2K',
      '████████████████████████ push vip: 12,000 of 12,000 members',
      '\r\x1b[2K',
    ])
  })

  test('rate and time left are told once they mean something', () => {
    const { written, report } = record(false)
    report(0, 0)
    report(2_000, 800)
    report(4_000, 2_000)
    report(16_000, 12_000)
    expect(written).toEqual([
      'push vip: 800 of 12,000 members\n',
      'push vip: 2,000 of 12,000 members, 500/s, 20 s left\n',
      'push vip: 12,000 of 12,000 members, 750/s\n',
    ])
  })

  const recordMany = (isTerminal: boolean, columns?: number) => {
    const written: string[] = []
    let nowMs = 0
    const progress = createProgress({
      write: text => written.push(text),
      isTerminal,
      monotonicMs: () => nowMs,
      ...(columns === undefined ? {} : { columns: () => columns }),
    })
    const report = (atMs: number, event: ProgressEvent): void => {
      nowMs = atMs
      progress.report(event)
    }
    return { written, report, lines: () => written.filter(text => !text.startsWith('\r')) }
  }
  const push = (subject: string, done: number, total: number): ProgressEvent => ({
    subject,
    phase: 'push',
    done,
    total,
  })

  test('on a terminal: cohorts that are pushed at once are one sum, with how many there are', () => {
    const { report, lines } = recordMany(true)
    report(0, push('vip', 0, 10_000))
    report(100, push('winback', 0, 30_000))
    report(4_000, push('vip', 2_000, 10_000))
    report(4_100, push('winback', 4_000, 30_000))
    report(20_000, push('vip', 10_000, 10_000))
    expect(lines().map(line => line.slice(25))).toEqual([
      'push vip: 0 of 10,000 members',
      'push 2 audiences: 0 of 40,000 members',
      'push 2 audiences: 2,000 of 40,000 members, 500/s, 76 s left',
      'push 2 audiences: 6,000 of 40,000 members, 1,488/s, 23 s left',
      'push winback: 14,000 of 40,000 members, 201/s, 3 min left',
    ])
  })

  test('elsewhere: each audience has its own lines, and all together no more than one a second', () => {
    const { written, report } = recordMany(false)
    for (let second = 0; second <= 12; second += 1) {
      report(second * 1_000 + 1, push('vip', second * 100, 10_000))
      report(second * 1_000 + 2, push('winback', second * 200, 30_000))
    }
    expect(written.filter(line => line.startsWith('push vip')).length).toBe(6)
    expect(written.filter(line => line.startsWith('push winback')).length).toBe(6)
    expect(written.at(-1)).toBe('push winback: 2,400 of 30,000 members, 200/s, 3 min left\n')
  })

  test('changes of an apply are told one by one: each says how far the whole is', () => {
    const { report, lines } = recordMany(true)
    report(0, { subject: 'cohort.vip', phase: 'apply', done: 1, total: 8 })
    report(100, { subject: 'binding.vip', phase: 'apply', done: 2, total: 8 })
    expect(lines().map(line => line.slice(25))).toEqual([
      'apply cohort.vip: 1 of 8 changes',
      'apply binding.vip: 2 of 8 changes',
    ])
  })

  test('a line is never longer than the terminal', () => {
    const { report, lines } = recordMany(true, 40)
    report(0, push('an-audience-with-a-long-name', 0, 10_000))
    expect(lines().map(({ length }) => length)).toEqual([40])
  })

  test.each([
    [3, 30, '10 s left'],
    [0.05, 9, '3/min, 3 min left'],
    [1, 20_000, '1/s, 5 h 34 min left'],
  ])('at %f a second, with %i to go: %s', (perSecond, left, expected) => {
    const progress = {
      phase: 'push',
      unit: 'members',
      subjects: ['vip'],
      done: 10,
      total: 10 + left,
      perSecond,
    }
    expect(describeProgress(progress)).toContain(expected)
  })
})
