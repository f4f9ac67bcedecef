import type { Diagnostic } from '../model/diagnostic.ts'
import type { Failure } from '../model/failure.ts'
import type { SyncReport } from '../model/outcome.ts'
import { type DiagnosticsOptions, renderDiagnostics } from './diagnostics.ts'
import type { Paint } from './paint.ts'
import { alignColumns, formatNumber } from './words.ts'

const HEADER = ['audience', 'read', 'wanted', 'added', 'removed', 'held', 'skipped', 'members', 'calls', '']

/** One line for each audience, then what a person should know, then one line for all. */
export const renderSync = (reports: readonly SyncReport[], look: DiagnosticsOptions): string => {
  const { paint } = look
  const [header = '', ...lines] = alignColumns([HEADER, ...reports.map(toRow)])
  const findings = reports.flatMap(({ result, findings, failure }) => [
    ...findings,
    ...(failure ? [describeFailure(result.id, failure)] : []),
  ])
  const parts = [
    [paint.dim(header), ...lines].join('\n'),
    ...(findings.length > 0 ? [renderDiagnostics(findings, look)] : []),
    summarize(reports, paint),
  ]
  return `${parts.join('\n\n')}\n`
}

const describeFailure = (id: string, { code, detail, hint }: Failure): Diagnostic => ({
  code,
  severity: 'error',
  summary: `${id} failed`,
  detail,
  ...(hint === undefined ? {} : { hint }),
})

const toRow = ({ result, failure, note }: SyncReport): string[] => [
  result.id,
  ...[result.read, result.wanted, result.added, result.removed, result.held, result.skipped].map(
    formatNumber,
  ),
  formatNumber(result.accepted),
  formatNumber(result.calls),
  failure ? 'failed' : result.refused.length > 0 ? 'refused' : (note ?? ''),
]

const summarize = (reports: readonly SyncReport[], paint: Paint): string => {
  const sum = (pick: (report: SyncReport) => number): number =>
    reports.reduce((total, each) => total + pick(each), 0)
  const failed = reports.filter(({ failure }) => failure).length
  const calls = sum(({ result }) => result.calls)
  if (failed > 0)
    return paint.red(`${failed} of ${reports.length} audiences failed. Run the same command again to go on.`)
  if (calls === 0 && sum(({ result }) => result.held) === 0) {
    return paint.green(
      'Nothing to send: every cohort has the members it should, as far as MoEngage accepted them.',
    )
  }
  const added = formatNumber(sum(({ result }) => result.added))
  const removed = formatNumber(sum(({ result }) => result.removed))
  return `Sent ${formatNumber(calls)} calls: ${added} added, ${removed} removed. MoEngage accepted each; it does not say which identifiers it knows.`
}
