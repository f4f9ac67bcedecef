import type { Audience, AudienceId, Intent } from '../model/audience.ts'
import { compareText } from '../model/diagnostic.ts'
import type { RecordedState } from '../model/recorded.ts'
import { parseDurationMs } from '../model/time.ts'
import type { Workspace } from '../model/workspace.ts'
import type { DestinationSegment, SourceSegment } from '../ports.ts'
import { ownName } from './observed.ts'

/** What the name of a cohort says about it. */
export interface NameParts {
  readonly intent: Intent
  /** As in the name: `CartAbandon`. */
  readonly useCase: string
  /** A written duration: `2h`. */
  readonly window: string
}

/** A listed segment that nobody manages yet and whose name is one of ours. */
export interface ImportCandidate extends NameParts {
  readonly name: string
  /** The audience that declares this very name already. */
  readonly declaredBy?: AudienceId
}

/** What becomes of a candidate. `open`: a person has to say which segment or id is meant. */
export type ImportStep =
  | { readonly kind: 'declared'; readonly candidate: ImportCandidate; readonly id: AudienceId }
  | {
      readonly kind: 'new'
      readonly candidate: ImportCandidate
      readonly id: AudienceId
      readonly segment: SourceSegment
    }
  | {
      readonly kind: 'open'
      readonly candidate: ImportCandidate
      readonly why: 'no-segment' | 'similar-segment' | 'several-segments' | 'id-taken'
      readonly options: readonly SourceSegment[]
    }

/** `ORC__Vip__365d` in its parts, or undefined when the name does not follow the workspace's convention. */
export const readCohortName = (name: string, { naming }: Workspace): NameParts | undefined => {
  const [purpose, useCase, window, ...rest] = name.split('__')
  if (useCase === undefined || window === undefined || rest.length > 0) return undefined
  const intent = INTENTS.find(each => naming[each] === purpose)
  if (intent === undefined || !/^[A-Z][A-Za-z0-9]*$/.test(useCase)) return undefined
  return parseDurationMs(window) === undefined ? undefined : { intent, useCase, window }
}

const INTENTS: readonly Intent[] = ['activation', 'suppression', 'orchestration', 'qa']

export interface CandidateInput {
  readonly segments: readonly DestinationSegment[]
  readonly recorded: RecordedState
  readonly workspace: Workspace
  readonly audiences: readonly Audience[]
}

/** Listed segments that could be taken over, by name. One that we retired or gave up is none. */
export const findCandidates = (input: CandidateInput): readonly ImportCandidate[] => {
  const { segments, recorded, workspace, audiences } = input
  const objects = [...recorded.objects.values()]
  const managed = new Set(objects.flatMap(({ remoteId }) => remoteId ?? []))
  const recordedNames = new Set(objects.map(({ attributes }) => attributes.name))
  const declaredBy = new Map(audiences.map(audience => [audience.name, audience.id]))
  const names = segments
    .filter(({ remoteId }) => !managed.has(remoteId))
    .map(({ name }) => ownName(name, workspace.partner))
  return [...new Set(names)].sort(compareText).flatMap(name => {
    const parts = readCohortName(name, workspace)
    const tombstone = recorded.tombstones.get(name)
    if (!parts || recordedNames.has(name) || (tombstone && tombstone.reason !== 'forgotten')) return []
    const id = declaredBy.get(name)
    return [{ name, ...parts, ...(id === undefined ? {} : { declaredBy: id }) }]
  })
}

/** `CartAbandon` → `cart-abandon`: an id and a use case in the form the schema asks for. */
export const toKebabCase = (useCase: string): string =>
  useCase
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1-$2')
    .toLowerCase()

/** The use case alone where it is free, else with the window behind it. Undefined when both are taken. */
export const chooseId = (
  { useCase, window }: NameParts,
  taken: ReadonlySet<string>,
): AudienceId | undefined => {
  const id = toKebabCase(useCase)
  return [id, `${id}-${window}`].find(each => !taken.has(each))
}
