import type { RecordedAlert } from '../model/alert.ts'
import type { MonitorReport } from '../model/monitor.ts'

/** What a monitor found, for programs: one object, ends with a newline. Keys may be added, never renamed. */
export const renderMonitorJson = (report: MonitorReport): string =>
  `${JSON.stringify(
    {
      ok: report.open.length === 0,
      environment: report.target.environment,
      workspace: report.target.workspace,
      looked_at: report.lookedAt,
      watched: report.watched,
      open: report.open.map(writeAlert),
      begun: report.begun.map(writeAlert),
      over: report.over.map(writeAlert),
      list_failure: report.listFailure ?? null,
      told: report.told,
      failures: report.failures.map(({ code, detail, hint }) => ({ code, detail, hint: hint ?? null })),
    },
    null,
    2,
  )}\n`

const writeAlert = ({ code, audience, summary, detail, hint, since }: RecordedAlert) => ({
  code,
  audience: audience ?? null,
  summary,
  detail,
  hint,
  since,
})
