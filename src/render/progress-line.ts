import { countOf, formatNumber } from './words.ts'

/** How far one subject is, or several that go on at once, taken together. */
export interface Progress {
  readonly phase: string
  /** What is counted: `people`. */
  readonly unit: string
  /** Who it is about. More than one: they are counted, not named. */
  readonly subjects: readonly string[]
  readonly done: number
  /** Absent when somebody's is not known. */
  readonly total?: number
  /** Absent when it cannot be told yet. */
  readonly perSecond?: number
}

/** `push vip: 6,000 of 12,000 members, 400/s, 15 s left` */
export const describeProgress = ({ phase, unit, subjects, done, total, perSecond }: Progress): string => {
  const subject = subjects.length === 1 ? String(subjects[0]) : countOf(subjects.length, 'audience')
  // Begun, and nobody knows yet how much there is.
  if (done === 0 && total === undefined) return `${phase} ${subject}`
  const amount = total === undefined ? formatNumber(done) : `${formatNumber(done)} of ${formatNumber(total)}`
  return [`${phase} ${subject}: ${amount} ${unit}`, ...describePace({ done, total, perSecond })].join(', ')
}

const describePace = ({
  done,
  total,
  perSecond,
}: {
  readonly done: number
  readonly total: number | undefined
  readonly perSecond: number | undefined
}): readonly string[] => {
  if (perSecond === undefined || perSecond <= 0) return []
  const left = total === undefined ? 0 : Math.max(0, total - done)
  return [describeRate(perSecond), ...(left > 0 ? [`${describeSeconds(left / perSecond)} left`] : [])]
}

const describeRate = (perSecond: number): string =>
  perSecond < 1
    ? `${formatNumber(Math.round(perSecond * 60))}/min`
    : `${formatNumber(Math.round(perSecond))}/s`

/** Whole units, rounded up: what is promised should not take longer. */
const describeSeconds = (seconds: number): string => {
  if (seconds <= 90) return `${Math.ceil(seconds)} s`
  const minutes = Math.ceil(seconds / 60)
  if (minutes <= 90) return `${minutes} min`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
