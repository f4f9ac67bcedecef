import type { Diagnostic } from '../model/diagnostic.ts'
import type { WrittenAudience } from '../model/generated/audience.ts'
import { describeMistake } from './codes.ts'
import type { SpecSet, WrittenSpec } from './spec-set.ts'
import { quoteText } from './visible-text.ts'

type AudienceSpec = WrittenSpec<WrittenAudience>

/** What is said about the record: whose it was (`moved_from`), whose it is no more (`forget`), what it takes over. */
export const checkRecords = (specs: SpecSet): readonly Diagnostic[] => [
  ...checkMoves(specs),
  ...checkForgotten(specs),
  ...checkCohortIds(specs.audiences),
]

const checkMoves = ({ audiences, declaredIds }: SpecSet): readonly Diagnostic[] => {
  const first = new Map<string, string>()
  return audiences.flatMap(audience => {
    const { id, moved_from: from } = audience.written
    if (from === undefined) return []
    if (from === id)
      return [describeMove(audience, `${quoteText(id)} would take over its own record.`, 'remove moved_from')]
    if (declaredIds.has(from))
      return [
        describeMove(
          audience,
          `${quoteText(from)} still has a file in this folder, and keeps its record.`,
          `delete the file of ${quoteText(from)}, or remove moved_from`,
        ),
      ]
    const firstId = first.get(from)
    if (firstId !== undefined)
      return [
        describeMove(
          audience,
          `${quoteText(firstId)} moved from ${quoteText(from)} too, and there is one record only.`,
          'remove one of both: that audience begins anew, as a cohort of its own',
        ),
      ]
    first.set(from, id)
    return []
  })
}

const describeMove = ({ source }: AudienceSpec, detail: string, hint: string): Diagnostic =>
  describeMistake('spec/moved-from', { detail, hint, at: source.locate(['moved_from']) })

const checkForgotten = ({ workspace, audiences, declaredIds }: SpecSet): readonly Diagnostic[] => {
  const movedTo = new Map(audiences.map(({ written }) => [written.moved_from, written.id]))
  return (workspace?.written.forget ?? []).flatMap((id, index) => {
    const at = workspace?.source.locate(['forget', index])
    const heir = movedTo.get(id)
    if (!declaredIds.has(id) && heir === undefined) return []
    return [
      describeMistake('spec/forget', {
        detail: declaredIds.has(id)
          ? `${quoteText(id)} still has a file in this folder.`
          : `${quoteText(heir ?? '')} moved from ${quoteText(id)} and takes over its record.`,
        hint: declaredIds.has(id)
          ? 'delete the file too, or remove the entry; suspend: true leaves an audience as it is'
          : `remove the entry, or moved_from of ${quoteText(heir ?? '')}`,
        ...(at ? { at } : {}),
      }),
    ]
  })
}

/** Whether MoEngage keys a cohort on its id or on its name is not documented, so neither is ever shared. */
const checkCohortIds = (audiences: readonly AudienceSpec[]): readonly Diagnostic[] => {
  const first = new Map<string, string>()
  return audiences.flatMap(({ written, source }) => {
    if (typeof written.adopt !== 'object') return []
    const cohortId = written.adopt.cohort_id
    const firstId = first.get(cohortId)
    if (firstId === undefined) {
      first.set(cohortId, written.id)
      return []
    }
    return [
      describeMistake('spec/shared-cohort-id', {
        detail: `${quoteText(cohortId)} is already the cohort of ${quoteText(firstId)}.`,
        hint: 'ask whoever fed the cohort for its id, or write adopt: true',
        at: source.locate(['adopt', 'cohort_id']),
      }),
    ]
  })
}
