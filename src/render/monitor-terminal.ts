import { alertKey, type RecordedAlert } from '../model/alert.ts'
import type { MonitorReport } from '../model/monitor.ts'
import type { Paint } from './paint.ts'
import { renderTarget } from './plan-terminal.ts'
import { showLine } from './show-value.ts'
import { agoOf, countOf } from './words.ts'

/** What is wrong, what has begun and what is over, as it is now; then who was told. */
export const renderMonitor = (report: MonitorReport, paint: Paint): string => {
  const { open, over, told, listFailure } = report
  const sections = [
    renderTarget(report.target, paint),
    ...open.map(alert => renderOpen(alert, report, paint)),
    ...(over.length > 0 ? [over.map(alert => renderOver(alert, report, paint)).join('\n')] : []),
    ...(listFailure === undefined ? [] : [paint.yellow(describeUnread(listFailure))]),
    ...(told.length > 0 ? [told.map(({ name, done }) => `Told: ${name}, ${showLine(done)}`).join('\n')] : []),
    summarize(report, paint),
  ]
  return `${sections.join('\n\n')}\n`
}

const renderOpen = (alert: RecordedAlert, { begun, lookedAt }: MonitorReport, paint: Paint): string => {
  const isNew = begun.some(each => alertKey(each) === alertKey(alert))
  const since = isNew ? paint.red('new') : `since ${agoOf(alert.since, lookedAt)}`
  return [
    `${paint.bold(showLine(alert.summary))} ${paint.dim(`[${alert.code}]`)}, ${since}`,
    `  ${showLine(alert.detail)}`,
    `  ${paint.cyan('hint:')} ${showLine(alert.hint)}`,
  ].join('\n')
}

const renderOver = (
  { summary, audience, since }: RecordedAlert,
  { lookedAt }: MonitorReport,
  paint: Paint,
): string =>
  paint.green(
    showLine(
      `Over: ${summary}${audience === undefined ? '' : ` (${audience})`}, begun ${agoOf(since, lookedAt)}`,
    ),
  )

const describeUnread = (code: string): string =>
  `MoEngage's list could not be read (${showLine(code)}): whether cohorts are missing is as it was.`

const summarize = ({ watched, open, begun, over }: MonitorReport, paint: Paint): string => {
  const looked = `${countOf(watched, 'audience')} watched`
  if (open.length === 0) return paint.green(`${looked}, nothing is wrong.`)
  return paint.red(`${looked}: ${countOf(open.length, 'alert')}, ${begun.length} new, ${over.length} over.`)
}
