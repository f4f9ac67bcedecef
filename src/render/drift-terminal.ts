import type { DriftReport, UnknowableMembers } from '../model/drift.ts'
import type { Drift } from '../model/plan.ts'
import { describeDrift } from './describe-drift.ts'
import type { DiagnosticsOptions } from './diagnostics.ts'
import type { Paint } from './paint.ts'
import { renderTarget } from './plan-terminal.ts'
import { showLine } from './show-value.ts'
import { agoOf, alignColumns, countOf, formatNumber } from './words.ts'

/** Drift in its three grades: what was compared, what only hints at it, and what no vendor can tell. */
export const renderDrift = (report: DriftReport, { paint }: Pick<DiagnosticsOptions, 'paint'>): string => {
  const sections = [
    renderTarget(report.target, paint),
    renderChecked(report, paint),
    ...renderUnknown(report, paint),
    ...renderEstimated(report, paint),
    ...renderUnknowable(report, paint),
    summarize(report, paint),
  ]
  return `${sections.join('\n\n')}\n`
}

const renderChecked = ({ checked, checkedAt }: DriftReport, paint: Paint): string => {
  const { objects, values, findings } = checked
  const title = paint.bold('Checked: read and compared with what was recorded')
  const count = `${countOf(values, 'value')} of ${countOf(objects, 'object')}`
  if (findings.length > 0) return [`${title} (${count})`, ...renderFindings(findings, checkedAt)].join('\n')
  return `${title}\n  ${values === 0 ? 'nothing could be compared' : `${count}, each as recorded`}`
}

const renderFindings = (findings: readonly Drift[], now: string): string[] =>
  alignColumns(findings.map(each => [`  ${each.address}`, describeDrift(each, now)]))

const renderUnknown = ({ unknown }: DriftReport, paint: Paint): string[] =>
  unknown.length === 0
    ? []
    : [
        [
          paint.yellow('Unknown: could not be read this time'),
          ...alignColumns(
            unknown.map(({ address, code }) => [
              `  ${address}`,
              code === undefined ? 'not asked for' : showLine(code),
            ]),
          ),
        ].join('\n'),
      ]

const renderEstimated = ({ estimated, checkedAt }: DriftReport, paint: Paint): string[] =>
  estimated.length === 0
    ? []
    : [
        [paint.yellow('Estimated: hints, which may mislead'), ...renderFindings(estimated, checkedAt)].join(
          '\n',
        ),
      ]

const renderUnknowable = ({ unknowable, checkedAt }: DriftReport, paint: Paint): string[] =>
  unknowable.length === 0
    ? []
    : [
        [
          paint.bold("Unknowable: MoEngage cannot list a cohort's members"),
          ...alignColumns(unknowable.map(each => describeMembers(each, checkedAt))),
        ].join('\n'),
      ]

const describeMembers = (
  { audience, recordedMembers, syncedAt }: UnknowableMembers,
  now: string,
): string[] => [
  `  ${audience}`,
  formatNumber(recordedMembers),
  `recorded as accepted, ${syncedAt === undefined ? 'never synced to the end' : `last synced ${agoOf(syncedAt, now)}`}`,
]

const summarize = ({ checked, estimated, unknown }: DriftReport, paint: Paint): string => {
  const unread =
    unknown.length > 0 ? ` ${countOf(unknown.length, 'object was', 'objects were')} not read.` : ''
  if (checked.findings.length > 0)
    return paint.red(`Drift: ${countOf(checked.findings.length, 'difference')}.${unread}`)
  if (estimated.length > 0)
    return paint.yellow(`No drift in what was read, ${countOf(estimated.length, 'hint')} of some.${unread}`)
  if (unread !== '') return paint.yellow(`No drift in what was read.${unread}`)
  return paint.green('No drift in what can be read.')
}
