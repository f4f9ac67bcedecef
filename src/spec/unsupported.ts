import type { Diagnostic, Place, Severity } from '../model/diagnostic.ts'
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
export const findUnsupported = ({ workspace }: SpecSet, severity: Severity): readonly Diagnostic[] =>
  workspace ? listWorkspaceGaps(workspace.written).map(gap => describeGap(gap, workspace, severity)) : []

const describeGap = (
  { path, ...gap }: Gap,
  { source }: WrittenSpec<unknown>,
  severity: Severity,
): Diagnostic => {
  const at: Place = source.locate(path)
  return describeMistake(gap.code, { detail: gap.detail, hint: gap.hint, at, severity })
}

const listWorkspaceGaps = (written: WrittenWorkspace): readonly Gap[] => {
  const gaps: Gap[] = []
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
