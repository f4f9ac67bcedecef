import type { QaEvidence } from '../model/recorded.ts'
import type { AudienceReport, SharedPeople, StoreReport } from '../model/report.ts'

/** The report for programs: one object, ends with a newline. What is not known is null. Keys may be added, never renamed. */
export const renderReportJson = ({ target, reportedAt, audiences, shared }: StoreReport): string =>
  `${JSON.stringify(
    {
      target: {
        environment: target.environment,
        workspace: target.workspace,
        moengage_workspace: target.moengageWorkspace,
        moengage_data_center: target.moengageDataCenter,
        customerio_region: target.customerioRegion,
      },
      reported_at: reportedAt,
      audiences: audiences.map(writeAudienceReport),
      shared: shared.map(writeShared),
    },
    null,
    2,
  )}\n`

/** What is known of one audience, for programs. */
export const writeAudienceReport = (report: AudienceReport) => ({
  id: report.audience,
  cohort: report.cohort ?? null,
  members: report.members,
  synced_at: report.syncedAt ?? null,
  sent_again: report.asserted
    ? {
        completed_at: report.asserted.completedAt ?? null,
        started_at: report.asserted.startedAt ?? null,
        reason: report.asserted.reason ?? null,
      }
    : null,
  evidence: report.evidence ? writeEvidence(report.evidence) : null,
  allowances: report.allowances.map(({ guard, reason, at }) => ({ guard, reason, at })),
})

const writeShared = ({ audiences, people, smaller, shareOfSmaller }: SharedPeople) => ({
  audiences,
  people,
  smaller,
  share_of_smaller: Math.round(shareOfSmaller * 10_000) / 10_000,
})

/** A QA run for programs. */
export const writeEvidence = (evidence: QaEvidence) => ({
  at: evidence.at,
  source: evidence.source,
  identifier: evidence.identifier,
  testers: evidence.testers ?? null,
  accepted: evidence.accepted,
  resolved: evidence.resolved ?? null,
  signed_off: evidence.signedOff
    ? { by: evidence.signedOff.by, at: evidence.signedOff.at, note: evidence.signedOff.note ?? null }
    : null,
})
