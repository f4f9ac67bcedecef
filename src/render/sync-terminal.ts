import type { Diagnostic } from '../model/diagnostic.ts'
import type { Failure } from '../model/failure.ts'
import type { HeldBy, KeptOut, SyncResult } from '../model/membership.ts'
import type { SyncEnd, SyncReport } from '../model/outcome.ts'
import type { AssertionReason } from '../model/recorded.ts'
import { type DiagnosticsOptions, renderDiagnostics } from './diagnostics.ts'
import type { Paint } from './paint.ts'
import { alignColumns, countOf, formatNumber } from './words.ts'

const COUNTS = ['read', 'wanted', 'added', 'removed', 'held', 'skipped', 'accepted', 'calls'] as const
const HEADER = ['audience', ...COUNTS, '']

/** One line for each audience, then what a person should know, then one line for all. */
export const renderSync = ({ reports, findings: general }: SyncEnd, look: DiagnosticsOptions): string => {
  const { paint } = look
  const [header = '', ...lines] = alignColumns([HEADER, ...reports.map(toRow)])
  const findings = [
    ...general,
    ...reports.flatMap(({ result, findings, failure }) => [
      ...findings,
      ...(failure ? [describeFailure(result.id, failure)] : []),
    ]),
  ]
  const parts = [
    [paint.dim(header), ...lines].join('\n'),
    ...describeMatches(reports),
    ...(findings.length > 0 ? [renderDiagnostics(findings, look)] : []),
    summarize(reports, paint),
  ]
  return `${parts.join('\n\n')}\n`
}

/** Of those that were about to be added, in large numbers, for the first time. */
const describeMatches = (reports: readonly SyncReport[]): string[] => {
  const lines = reports.flatMap(({ result: { id, matchRate } }) =>
    matchRate === undefined
      ? []
      : [`${id}: MoEngage knows ${Number((matchRate * 100).toFixed(1))}% of a sample of those to be added.`],
  )
  return lines.length === 0 ? [] : [lines.join('\n')]
}

const describeFailure = (id: string, { code, detail, hint }: Failure): Diagnostic => ({
  code,
  severity: 'error',
  summary: `${id} failed`,
  detail,
  ...(hint === undefined ? {} : { hint }),
})

const toRow = (report: SyncReport): string[] => [
  report.result.id,
  ...COUNTS.map(count => formatNumber(report.result[count])),
  describeEnd(report),
]

const describeEnd = ({ result, failure, wasStopped, note }: SyncReport): string => {
  if (failure) return 'failed'
  if (wasStopped) return 'not finished'
  if (result.refused.length > 0) return 'refused'
  if (note !== undefined) return note
  return [
    ...describeAgain(result),
    ...describeReasons('held', result.heldBy),
    ...describeReasons('kept out', result.keptOut),
  ].join('; ')
}

const describeAgain = ({ again = 0, againReason }: SyncResult): readonly string[] =>
  againReason === undefined ? [] : [`${formatNumber(again)} sent again (${REASONS[againReason]})`]

/** `held: 3 sticky, 2 unsettled` */
const describeReasons = (what: string, counts: HeldBy | KeptOut = {}): readonly string[] => {
  const parts = Object.entries(counts).map(([reason, count]) => `${formatNumber(count)} ${reason}`)
  return parts.length === 0 ? [] : [`${what}: ${parts.join(', ')}`]
}

const REASONS: Readonly<Record<AssertionReason, string>> = {
  interval: 'it was time',
  asked: 'asked for',
  generation: 'a new generation',
}

const summarize = (reports: readonly SyncReport[], paint: Paint): string => {
  const sum = (pick: (report: SyncReport) => number): number =>
    reports.reduce((total, each) => total + pick(each), 0)
  const unfinished = reports.filter(({ failure, wasStopped }) => failure || wasStopped).length
  const calls = sum(({ result }) => result.calls)
  if (unfinished > 0) {
    return paint.red(
      `${unfinished} of ${reports.length} audiences not finished. Run the same command again to go on.`,
    )
  }
  const isQuiet = reports.every(
    ({ findings, note }) => note === undefined && findings.every(({ code }) => code === 'sync/heartbeat'),
  )
  if (calls === 0) {
    return isQuiet
      ? paint.green(
          'Nothing to send: every cohort has the members it should, as far as MoEngage accepted them.',
        )
      : paint.yellow('Nothing was sent; not everything was looked at or allowed, see above.')
  }
  const added = formatNumber(sum(({ result }) => result.added))
  const removed = formatNumber(sum(({ result }) => result.removed))
  const again = sum(({ result }) => result.again ?? 0)
  const sentAgain = again > 0 ? `, ${formatNumber(again)} sent again` : ''
  const rejected = sum(({ result }) => result.rejected ?? 0)
  const accepted = rejected > 0 ? `accepted all but ${countOf(rejected, 'identifier')}` : 'accepted each'
  return `Sent ${countOf(calls, 'call')}: ${added} added, ${removed} removed${sentAgain}. MoEngage ${accepted}; it does not say which identifiers it knows.`
}
