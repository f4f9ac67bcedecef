import type { AudienceReport, SharedPeople, StoreReport } from '../model/report.ts'
import type { Instant } from '../model/time.ts'
import type { Paint } from './paint.ts'
import { renderTarget } from './plan-terminal.ts'
import { showLine } from './show-value.ts'
import { agoOf, alignColumns, countOf, formatNumber } from './words.ts'

const HEADER = ['audience', 'members', 'last synced', 'all sent again', 'QA run']

/** What the store knows: each audience in a line, what was let pass, and whom two of them share. */
export const renderReport = (report: StoreReport, paint: Paint): string => {
  const sections = [
    renderTarget(report.target, paint),
    ...(report.audiences.length === 0
      ? ['Nothing is recorded yet.']
      : [
          renderAudiences(report, paint),
          ...renderAllowances(report, paint),
          renderShared(report, paint),
          paint.dim('Members are those that MoEngage accepted; it cannot list who is in a cohort.'),
        ]),
  ]
  return `${sections.join('\n\n')}\n`
}

const renderAudiences = ({ audiences, reportedAt }: StoreReport, paint: Paint): string => {
  const [header = '', ...lines] = alignColumns([HEADER, ...audiences.map(each => toRow(each, reportedAt))])
  return [paint.dim(header), ...lines].join('\n')
}

const toRow = (report: AudienceReport, now: Instant): string[] => [
  report.audience,
  formatNumber(report.members),
  report.syncedAt === undefined ? 'never to its end' : agoOf(report.syncedAt, now),
  describeAssertion(report, now),
  describeEvidence(report),
]

const describeAssertion = ({ asserted }: AudienceReport, now: Instant): string => {
  if (asserted?.startedAt !== undefined) return `under way, begun ${agoOf(asserted.startedAt, now)}`
  return asserted?.completedAt === undefined ? 'never' : agoOf(asserted.completedAt, now)
}

/** A QA run in a line. */
export const describeEvidence = ({ evidence }: AudienceReport): string => {
  if (!evidence) return '-'
  const { at, testers, accepted, resolved, signedOff } = evidence
  const of =
    testers === undefined
      ? countOf(accepted, 'tester')
      : `${formatNumber(accepted)} of ${countOf(testers, 'tester')}`
  const known = resolved === undefined ? '' : `, ${formatNumber(resolved)} known`
  const signed = signedOff ? `, signed off by ${showLine(signedOff.by)}` : ''
  return `${at.slice(0, 10)}: ${of} accepted${known}${signed}`
}

const renderAllowances = ({ audiences, reportedAt }: StoreReport, paint: Paint): string[] => {
  const lines = audiences.flatMap(({ audience, allowances }) =>
    allowances.map(
      ({ guard, reason, at }) =>
        `  ${showLine(`${guard} of ${audience}, ${agoOf(at, reportedAt)}: ${reason}`)}`,
    ),
  )
  if (lines.length === 0) return []
  return [[paint.yellow('Guards that a person let pass since the last apply'), ...lines].join('\n')]
}

const renderShared = ({ shared }: StoreReport, paint: Paint): string => {
  if (shared.length === 0) return 'No two audiences share anybody.'
  return [
    paint.bold('People in two audiences at once'),
    ...alignColumns(shared.map(each => describeShared(each))),
  ].join('\n')
}

const describeShared = ({ audiences, people, smaller, shareOfSmaller }: SharedPeople): string[] => [
  `  ${audiences.join(' and ')}`,
  formatNumber(people),
  `${Number((shareOfSmaller * 100).toFixed(1))}% of ${smaller}`,
]
