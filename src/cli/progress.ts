import type { Phase, ProgressEvent, Reporter } from '../ports.ts'
import { formatNumber } from '../render/words.ts'

const BAR_WIDTH = 24
const REDRAW_MS = 80
/** Nothing shorter is worth a line in a log. */
const LOG_EVERY_MS = 1_000

const UNITS: Readonly<Record<Phase, string>> = {
  refresh: 'lists',
  read: 'people',
  diff: 'members',
  push: 'members',
  apply: 'changes',
  verify: 'listed',
}

export interface ProgressOptions {
  readonly write: (text: string) => void
  readonly isTerminal: boolean
  readonly monotonicMs: () => number
}

/** A bar that is redrawn on a terminal; plain lines, at most one a second, anywhere else. */
export const createProgress = (options: ProgressOptions): Reporter & { clear(): void } =>
  options.isTerminal ? createBar(options) : createLog(options)

const createBar = ({ write, monotonicMs }: ProgressOptions): Reporter & { clear(): void } => {
  let drawnAtMs = Number.NEGATIVE_INFINITY
  let isDrawn = false
  const clear = (): void => {
    if (isDrawn) write('\r\x1b[2K')
    isDrawn = false
  }
  return {
    report: event => {
      const nowMs = monotonicMs()
      if (nowMs - drawnAtMs < REDRAW_MS) return
      drawnAtMs = nowMs
      clear()
      write(`${drawBar(event)} ${describeProgress(event)}`)
      isDrawn = true
    },
    clear,
  }
}

const drawBar = ({ done, total }: ProgressEvent): string => {
  const share = total ? Math.min(1, done / total) : 0
  const filled = Math.round(share * BAR_WIDTH)
  return `${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)}`
}

const createLog = ({ write, monotonicMs }: ProgressOptions): Reporter & { clear(): void } => {
  let loggedAtMs = monotonicMs()
  return {
    report: event => {
      const nowMs = monotonicMs()
      if (nowMs - loggedAtMs < LOG_EVERY_MS) return
      loggedAtMs = nowMs
      write(`${describeProgress(event)}\n`)
    },
    clear: () => undefined,
  }
}

const describeProgress = ({ subject, phase, done, total }: ProgressEvent): string => {
  // Begun, and nobody knows yet how much there is.
  if (done === 0 && total === undefined) return `${phase} ${subject}`
  const amount = total === undefined ? formatNumber(done) : `${formatNumber(done)} of ${formatNumber(total)}`
  return `${phase} ${subject}: ${amount} ${UNITS[phase]}`
}
