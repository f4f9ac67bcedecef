import { describe, expect, test } from 'vitest'
import { createProgress } from '../../src/cli/progress.ts'

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
})
