import type { Diagnostic } from '../model/diagnostic.ts'
import type { WrittenAudience, WrittenSourceManual } from '../model/generated/audience.ts'
import type { WrittenWorkspace } from '../model/generated/workspace.ts'
import { describeMistake } from './codes.ts'
import { joinWords } from './nearest-word.ts'
import type { SpecSet, WrittenSpec } from './spec-set.ts'
import { quoteText } from './visible-text.ts'

type AudienceSpec = WrittenSpec<WrittenAudience>
type WorkspaceSpec = WrittenSpec<WrittenWorkspace>

/** Where people come from: no two audiences from one segment, and manual ones only where they can be filled. */
export const checkSources = ({ workspace, audiences }: SpecSet): readonly Diagnostic[] => [
  ...checkSharedSources(audiences),
  ...(workspace
    ? audiences.flatMap(audience => [
        ...checkTrackKeys(audience, workspace),
        ...checkTesterKey(audience, workspace),
        ...checkTesters(audience, workspace),
      ])
    : []),
]

const isManual = (source: WrittenAudience['source']): source is WrittenSourceManual => 'manual' in source

const checkSharedSources = (audiences: readonly AudienceSpec[]): readonly Diagnostic[] => {
  const first = new Map<string | number, string>()
  return audiences.flatMap(audience => {
    const { source, id } = audience.written
    const segment = isManual(source) ? source.manual.name : source.segment
    const firstId = first.get(segment)
    if (firstId !== undefined) return [describeShared(audience, firstId)]
    first.set(segment, id)
    return []
  })
}

const describeShared = ({ written, source }: AudienceSpec, firstId: string): Diagnostic =>
  isManual(written.source)
    ? describeMistake('spec/shared-source', {
        detail: `${quoteText(written.source.manual.name)} is already the manual segment of ${quoteText(firstId)}: Customer.io would hold two of that name.`,
        hint: 'choose another name, or use one audience for both',
        at: source.locate(['source', 'manual', 'name']),
      })
    : describeMistake('spec/shared-source', {
        severity: 'warning',
        detail: `Segment ${written.source.segment} is already the source of ${quoteText(firstId)}: both cohorts will hold the same people.`,
        hint: 'check the segment id, or use one audience for both',
        at: source.locate(['source', 'segment']),
      })

/** The file means the same in every environment, so each must be able to carry it out. */
const checkTrackKeys = (
  { written, source }: AudienceSpec,
  workspace: WorkspaceSpec,
): readonly Diagnostic[] => {
  if (!isManual(written.source)) return []
  const without = Object.entries(workspace.written.environments)
    .filter(([, { customerio }]) => customerio.track_site_id_env === undefined)
    .map(([name]) => quoteText(name))
  if (without.length === 0) return []
  return [
    describeMistake('spec/no-track-keys', {
      detail: `Only the Track API fills a manual segment, and ${workspace.source.path} names no keys of it for ${joinWords(without, 'and')}.`,
      hint: 'add track_site_id_env and track_api_key_env to customerio there',
      at: source.locate(['source', 'manual']),
    }),
  ]
}

/** The Track API ignores identifiers of another kind without a word, and the segment would stay empty. */
const checkTesterKey = (
  { written, source }: AudienceSpec,
  workspace: WorkspaceSpec,
): readonly Diagnostic[] => {
  const key = workspace.written.identifier?.key ?? 'id'
  if (!isManual(written.source) || key === 'id') return []
  const name = typeof key === 'string' ? key : key.attribute
  return [
    describeMistake('spec/tester-key', {
      detail: `A manual segment is filled by id, and ${workspace.source.path} names its testers by ${quoteText(name)}.`,
      hint: 'use identifier: { key: id } in the workspace, or make the segment in Customer.io and name its number',
      at: source.locate(['source', 'manual']),
    }),
  ]
}

/** Where only testers are sent and there are none, the cohort would be emptied. */
const checkTesters = ({ written, source }: AudienceSpec, workspace: WorkspaceSpec): readonly Diagnostic[] => {
  if ((workspace.written.qa?.testers ?? []).length > 0) return []
  const hint = 'add qa: { testers: [emp_001] } to the workspace'
  if (isManual(written.source))
    return [
      describeMistake('spec/no-testers', {
        detail: `Testers are all that is put into the segment, and ${workspace.source.path} names none.`,
        hint,
        at: source.locate(['source', 'manual', 'members']),
      }),
    ]
  if (written.rollout.stage !== 'qa') return []
  return [
    describeMistake('spec/no-testers', {
      severity: 'warning',
      detail: `Only testers are sent in this stage, and ${workspace.source.path} names none.`,
      hint,
      at: source.locate(['rollout', 'stage']),
    }),
  ]
}
