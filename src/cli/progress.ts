import type { Phase, ProgressEvent, Reporter } from '../ports.ts'
import { describeProgress, type Progress } from '../render/progress-line.ts'

const BAR_WIDTH = 24
const REDRAW_MS = 80
/** Nothing shorter is worth a line in a log. */
const LOG_EVERY_MS = 1_000
/** Over less than this, a rate says nothing. */
const SHORTEST_RATED_MS = 3_000

export interface ProgressOptions {
  readonly write: (text: string) => void
  readonly isTerminal: boolean
  readonly monotonicMs: () => number
  /** How wide the terminal is: a line that wraps could not be redrawn. */
  readonly columns?: () => number | undefined
}

/** Told how far things are; `clear` makes room for other text. */
export type ProgressReporter = Reporter & { clear(): void }

/** A bar that is redrawn on a terminal; plain lines, at most one a second, anywhere else. */
export const createProgress = (options: ProgressOptions): ProgressReporter =>
  options.isTerminal ? createBar(options) : createLog(options)

const createBar = ({ write, monotonicMs, columns }: ProgressOptions): ProgressReporter => {
  const tracks = createTracks(monotonicMs)
  let drawnAtMs = Number.NEGATIVE_INFINITY
  let isDrawn = false
  const clear = (): void => {
    if (isDrawn) write('\r\x1b[2K')
    isDrawn = false
  }
  return {
    report: event => {
      tracks.take(event)
      const nowMs = monotonicMs()
      if (nowMs - drawnAtMs < REDRAW_MS) return
      drawnAtMs = nowMs
      clear()
      const progress = tracks.together(event)
      write(`${drawBar(progress)} ${describeProgress(progress)}`.slice(0, columns?.()))
      isDrawn = true
    },
    clear,
  }
}

const drawBar = ({ done, total }: Pick<Progress, 'done' | 'total'>): string => {
  const share = total ? Math.min(1, done / total) : 0
  const filled = Math.round(share * BAR_WIDTH)
  return `${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)}`
}

/** One subject after the other gets its line, so that many that go on at once do not fill a log. */
const createLog = ({ write, monotonicMs }: ProgressOptions): ProgressReporter => {
  const tracks = createTracks(monotonicMs)
  return {
    report: event => {
      const track = tracks.take(event)
      const nowMs = monotonicMs()
      const everyMs = LOG_EVERY_MS * Math.max(1, tracks.countUnderWay(event.phase))
      const isEnd = isOver(track) && nowMs - track.startedMs >= LOG_EVERY_MS
      if (!isEnd && nowMs - track.loggedMs < everyMs) return
      track.loggedMs = nowMs
      write(`${describeProgress(tracks.alone(track))}\n`)
    },
    clear: () => undefined,
  }
}

/** How one subject gets on in one phase. */
interface Track {
  readonly subject: string
  readonly phase: Phase
  readonly startedMs: number
  /** What was done already when the phase was first heard of. */
  readonly doneBefore: number
  done: number
  total: number | undefined
  loggedMs: number
}

const isOver = ({ done, total }: Track): boolean => total !== undefined && done >= total

/** Phases in which each subject counts for itself. In the others an event tells how far the whole is. */
const COUNTED_TOGETHER: ReadonlySet<Phase> = new Set(['read', 'push'])

const UNITS: Readonly<Record<Phase, string>> = {
  refresh: 'lists',
  read: 'people',
  diff: 'members',
  push: 'members',
  apply: 'changes',
  verify: 'listed',
}

const createTracks = (monotonicMs: () => number) => {
  const tracks = new Map<string, Track>()

  const perSecond = ({ done, doneBefore, startedMs }: Track): number | undefined => {
    const elapsedMs = monotonicMs() - startedMs
    return elapsedMs < SHORTEST_RATED_MS ? undefined : ((done - doneBefore) / elapsedMs) * 1_000
  }

  const alone = (track: Track): Progress => {
    const rate = perSecond(track)
    return {
      phase: track.phase,
      unit: UNITS[track.phase],
      subjects: [track.subject],
      done: track.done,
      ...(track.total === undefined ? {} : { total: track.total }),
      ...(rate === undefined ? {} : { perSecond: rate }),
    }
  }

  return {
    alone,
    take: ({ subject, phase, done, total }: ProgressEvent): Track => {
      const known = tracks.get(subject)
      if (known?.phase === phase && known.done <= done) {
        known.done = done
        known.total = total
        return known
      }
      const nowMs = monotonicMs()
      const track: Track = {
        subject,
        phase,
        startedMs: nowMs,
        doneBefore: done,
        done,
        total,
        loggedMs: known?.loggedMs ?? nowMs,
      }
      tracks.set(subject, track)
      return track
    },
    countUnderWay: (phase: Phase): number =>
      [...tracks.values()].filter(track => track.phase === phase && !isOver(track)).length,
    /** All that are in the same phase as one sum, so that the line does not jump from one to another. */
    together: ({ subject, phase, done, total }: ProgressEvent): Progress => {
      const own = tracks.get(subject)
      if (!own || !COUNTED_TOGETHER.has(phase))
        return {
          phase,
          unit: UNITS[phase],
          subjects: [subject],
          done,
          ...(total === undefined ? {} : { total }),
        }
      const all = [...tracks.values()].filter(track => track.phase === phase)
      const underWay = all.filter(track => !isOver(track))
      if (all.length === 1) return alone(own)
      const rates = underWay.map(track => perSecond(track))
      const totals = all.map(track => track.total)
      return {
        phase,
        unit: UNITS[phase],
        subjects: underWay.length > 0 ? underWay.map(track => track.subject) : [subject],
        done: sum(all.map(track => track.done)),
        ...(totals.every(isKnown) ? { total: sum(totals) } : {}),
        ...(rates.length > 0 && rates.every(isKnown) ? { perSecond: sum(rates) } : {}),
      }
    },
  }
}

const isKnown = (value: number | undefined): value is number => value !== undefined

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
