import type { DriftReport } from '../model/drift.ts'
import type { Drift } from '../model/plan.ts'

/** The report for programs: snake_case, one object, ends with a newline. */
export const renderDriftJson = ({ target, checkedAt, ...report }: DriftReport): string =>
  `${JSON.stringify(
    {
      target: {
        environment: target.environment,
        workspace: target.workspace,
        moengage_workspace: target.moengageWorkspace,
        moengage_data_center: target.moengageDataCenter,
        customerio_region: target.customerioRegion,
      },
      checked_at: checkedAt,
      checked: {
        objects: report.checked.objects,
        values: report.checked.values,
        findings: report.checked.findings.map(writeDrift),
      },
      estimated: report.estimated.map(writeDrift),
      unknown: report.unknown.map(({ address, code }) => ({
        address,
        ...(code === undefined ? {} : { code }),
      })),
      unknowable: report.unknowable.map(({ audience, recordedMembers, syncedAt }) => ({
        audience,
        recorded_members: recordedMembers,
        ...(syncedAt === undefined ? {} : { synced_at: syncedAt }),
      })),
    },
    null,
    2,
  )}\n`

const writeDrift = ({ address, attribute, detail, grade, recorded, observed, recordedAt }: Drift) => ({
  address,
  attribute,
  detail,
  grade,
  ...(recorded === undefined ? {} : { recorded }),
  ...(observed === undefined ? {} : { observed }),
  ...(recordedAt === undefined ? {} : { recorded_at: recordedAt }),
})
