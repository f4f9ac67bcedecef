import { FailureError } from '../model/failure.ts'
import type { RecordedState } from '../model/recorded.ts'
import { chooseId, type ImportCandidate, type ImportStep } from '../plan/import-candidates.ts'
import { matchSegments } from '../plan/import-match.ts'
import type { SourceSegment } from '../ports.ts'
import { nameSegment } from '../render/import-terminal.ts'
import type { CliContext } from './context.ts'
import { recordedAudiences } from './make-plan.ts'
import type { LoadedWorkspace } from './workspace.ts'

/** What a person said beforehand. All but the team is about one cohort. */
export interface ImportChoices {
  readonly json: boolean
  readonly segment?: string
  readonly id?: string
  readonly cohortId?: string
  readonly team?: string
}

export interface ChooseInput {
  readonly candidates: readonly ImportCandidate[]
  readonly sources: readonly SourceSegment[]
  readonly recorded: RecordedState
  readonly loaded: LoadedWorkspace
  readonly options: ImportChoices
}

/** Finds the segment and the id of every candidate, and asks where that is not clear and somebody is there. */
export const chooseSteps = async (
  input: ChooseInput,
  context: CliContext,
): Promise<readonly ImportStep[]> => {
  const { candidates, loaded, recorded, options } = input
  checkChoices(candidates, options)
  const ids = new Set([...loaded.specs.audiences.map(({ id }) => id), ...recordedAudiences(recorded)])
  const used = new Set(
    loaded.specs.audiences.flatMap(({ source }) => (source.kind === 'segment' ? [source.segmentId] : [])),
  )
  const steps: ImportStep[] = []
  for (const candidate of candidates) {
    const step = await chooseStep(candidate, { ...input, ids, used }, context)
    if (step.kind === 'new') {
      ids.add(step.id)
      used.add(step.segment.segmentId)
    }
    steps.push(step)
  }
  return steps
}

const checkChoices = (
  candidates: readonly ImportCandidate[],
  { segment, id, cohortId }: ImportChoices,
): void => {
  const [declared] = candidates.filter(({ declaredBy }) => declaredBy !== undefined)
  if (declared && (segment ?? id) !== undefined)
    refuse(
      'import/declared',
      `"${declared.name}" is declared by "${declared.declaredBy}" already, which says its segment and its id.`,
      'leave out --segment and --id',
    )
  if (candidates.length === 1 || (segment ?? id ?? cohortId) === undefined) return
  refuse(
    'import/one-cohort',
    `--segment, --id and --cohort-id are about one cohort, and there are ${candidates.length}.`,
    'name it: --cohort <name>',
  )
}

interface Choosing extends ChooseInput {
  /** Ids and segments that others have. */
  readonly ids: ReadonlySet<string>
  readonly used: ReadonlySet<number>
}

const chooseStep = async (
  candidate: ImportCandidate,
  choosing: Choosing,
  context: CliContext,
): Promise<ImportStep> => {
  if (candidate.declaredBy !== undefined) return { kind: 'declared', candidate, id: candidate.declaredBy }
  const { options, ids } = choosing
  const id = options.id ?? chooseId(candidate, ids)
  if (id === undefined || ids.has(id)) return { kind: 'open', candidate, why: 'id-taken', options: [] }
  const found = findSegments(candidate, choosing)
  const [only, another] = found
  if (only && !another) return { kind: 'new', candidate, id, segment: only }
  const unused = choosing.sources.filter(({ segmentId }) => !choosing.used.has(segmentId))
  const offered = found.length > 0 ? found : unused
  const segment = options.json ? undefined : await askForSegment(candidate, offered, context)
  if (segment) return { kind: 'new', candidate, id, segment }
  return another
    ? { kind: 'open', candidate, why: 'several-segments', options: found }
    : { kind: 'open', candidate, why: 'no-segment', options: unused }
}

const findSegments = (
  candidate: ImportCandidate,
  { options, sources, used }: Choosing,
): readonly SourceSegment[] => {
  if (options.segment === undefined)
    return matchSegments(
      candidate,
      sources.filter(({ segmentId }) => !used.has(segmentId)),
    )
  const segment = sources.find(({ segmentId }) => String(segmentId) === options.segment)
  return segment
    ? [segment]
    : refuse(
        'import/no-such-segment',
        `Customer.io lists no segment ${options.segment}.`,
        'take the last number in its address there',
      )
}

const askForSegment = async (
  { name }: ImportCandidate,
  offered: readonly SourceSegment[],
  { ask }: CliContext,
): Promise<SourceSegment | undefined> => {
  if (!ask || offered.length === 0) return undefined
  const lines = offered.map((segment, index) => `  ${index + 1}. ${nameSegment(segment)}`)
  const answer = await ask(
    `\nWhich segment of Customer.io feeds ${name}?\n${lines.join('\n')}\nIts line, or enter to skip: `,
  )
  return offered[Number(answer) - 1]
}

/** The team that will own what is imported: the one named, else the only one there is, else whom a person says. */
export const chooseTeam = async (
  { workspace }: LoadedWorkspace,
  { team, json }: ImportChoices,
  { ask }: CliContext,
): Promise<string> => {
  const teams = [...workspace.teams.keys()]
  const [only, another] = teams
  const list = teams.join(', ')
  if (only === undefined)
    return refuse(
      'import/no-team',
      'workspace.yaml names no teams, and an audience needs an owner.',
      'add teams: to it, each with a contact and approvers',
    )
  const chosen = team ?? (another === undefined ? only : undefined)
  const answer = chosen ?? (ask && !json ? await ask(`\nWhich team will own them (${list})? `) : '')
  if (workspace.teams.has(answer)) return answer
  return refuse(
    'import/no-team',
    answer === '' ? 'Which team will own them is not said.' : `There is no team "${answer}".`,
    `use --team with one of ${list}`,
  )
}

const refuse = (code: string, detail: string, hint: string): never => {
  throw new FailureError({ origin: 'cli', code, detail, hint, retryable: false })
}
