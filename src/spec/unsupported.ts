import type { Diagnostic, Place, Severity } from '../model/diagnostic.ts'
import type { WrittenAudience } from '../model/generated/audience.ts'
import type { WrittenWorkspace } from '../model/generated/workspace.ts'
import { describeMistake, type SpecCode } from './codes.ts'
import type { Path } from './convert.ts'
import type { SpecSet, WrittenSpec } from './spec-set.ts'

/** A sentence that the schema knows and this version cannot carry out. */
interface Gap {
  readonly code: SpecCode
  readonly detail: string
  readonly hint: string
  readonly path: Path
}

/**
 * What is written and cannot be carried out yet. Validation warns of it, so that a spec may be prepared; whatever
 * plans or writes asks with `error` and refuses, because doing less than the file says would be worse.
 */
export const findUnsupported = (
  { workspace, audiences }: SpecSet,
  severity: Severity,
): readonly Diagnostic[] => [
  ...(workspace
    ? listWorkspaceGaps(workspace.written).map(gap => describeGap(gap, workspace, severity))
    : []),
  ...audiences.flatMap(audience =>
    listAudienceGaps(audience.written).map(gap => describeGap(gap, audience, severity)),
  ),
]

const describeGap = (
  { path, ...gap }: Gap,
  { source }: WrittenSpec<unknown>,
  severity: Severity,
): Diagnostic => {
  const at: Place = source.locate(path)
  return describeMistake(gap.code, { detail: gap.detail, hint: gap.hint, at, severity })
}

const listAudienceGaps = (written: WrittenAudience): readonly Gap[] => {
  const gaps: Gap[] = []
  if (written.exit.rule !== 'remove')
    gaps.push({
      code: 'unsupported/exit-rule',
      detail: `Nobody can be kept by the rule "${written.exit.rule}" yet.`,
      hint: 'use exit: { rule: remove }',
      path: ['exit', 'rule'],
    })
  if ((written.rollout.holdout_percent ?? 0) > 0)
    gaps.push({
      code: 'unsupported/holdout',
      detail: 'Nobody can be held out yet: everybody would be sent.',
      hint: 'remove holdout_percent',
      path: ['rollout', 'holdout_percent'],
    })
  return gaps
}

const listWorkspaceGaps = (written: WrittenWorkspace): readonly Gap[] => {
  const gaps: Gap[] = []
  if (typeof written.store === 'object')
    gaps.push({
      code: 'unsupported/postgres-store',
      detail: 'The store can only be a DuckDB file yet.',
      hint: 'use store: "duckdb:.muster/{env}.duckdb"',
      path: ['store', 'postgres'],
    })
  if (written.alerts?.github_issue === true || written.alerts?.webhook_env !== undefined)
    gaps.push({
      code: 'unsupported/alerts',
      detail: 'Nobody would hear of a refused sync in this way yet.',
      hint: 'remove alerts, and watch the exit code of the scheduled sync',
      path: ['alerts'],
    })
  for (const [name, { moengage }] of Object.entries(written.environments)) {
    if (moengage.campaigns_key_env === undefined) continue
    gaps.push({
      code: 'unsupported/campaigns-key',
      detail: 'Nobody can be told yet which campaigns use an audience.',
      hint: 'remove campaigns_key_env',
      path: ['environments', name, 'moengage', 'campaigns_key_env'],
    })
  }
  return gaps
}
