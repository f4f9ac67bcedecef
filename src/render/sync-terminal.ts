import type { Diagnostic } from '../model/diagnostic.ts'
import type { SyncReport } from '../model/outcome.ts'
import type { Paint } from './paint.ts'
import { alignColumns, formatNumber } from './words.ts'

const HEADER = ['audience', 'read', 'wanted', 'added', 'removed', 'held', 'skipped', 'members', 'calls', '']

/** One line for each audience, then what a person should know, then one line for all. */
export const renderSync = (reports: readonly SyncReport[], paint: Paint): string => {
  const [header = '', ...lines] = alignColumns([HEADER, ...reports.map(toRow)])
  const findings = reports.flatMap(report => report.findings.map(finding => renderFinding(finding, paint)))
  const failures = reports.flatMap(({ result, failure }) =>
    failure ? [renderFinding({ ...failure, severity: 'error', summary: `${result.id} failed` }, paint)] : [],
  )
  const parts = [
    [paint.dim(header), ...lines].join('\n'),
    ...findings,
    ...failures,
    summarize(reports, paint),
  ]
  return `${parts.join('\n\n')}\n`
}

const toRow = ({ result, failure, note }: SyncReport): string[] => [
  result.id,
  ...[result.read, result.wanted, result.added, result.removed, result.held, result.skipped].map(
    formatNumber,
  ),
  formatNumber(result.accepted),
  formatNumber(result.calls),
  failure ? 'failed' : result.refused.length > 0 ? 'refused' : (note ?? ''),
]

const renderFinding = (finding: Diagnostic, paint: Paint): string => {
  const word = finding.severity === 'error' ? paint.red('error') : paint.yellow('warning')
  return [
    `${word} ${paint.bold(finding.summary)} ${paint.dim(finding.code)}`,
    `  ${finding.detail}`,
    ...(finding.hint ? [`  ${paint.cyan('hint:')} ${finding.hint}`] : []),
  ].join('\n')
}

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
