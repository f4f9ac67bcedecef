import { FailureError } from '../model/failure.ts'
import type { RecordedState } from '../model/recorded.ts'
import { chooseId, type ImportCandidate, type ImportStep } from '../plan/import-candidates.ts'
import { matchSegments, type SegmentMatches } from '../plan/import-match.ts'
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
  const { same, similar } = findSegments(candidate, choosing)
  const [only, another] = same
  if (only && !another) return { kind: 'new', candidate, id, segment: only }
  const close = another ? same : similar
  const offered =
    close.length > 0 ? close : choosing.sources.filter(({ segmentId }) => !choosing.used.has(segmentId))
  const segment = options.json ? undefined : await askForSegment(candidate, offered, context)
  if (segment) return { kind: 'new', candidate, id, segment }
  return { kind: 'open', candidate, why: whyOpen(close), options: offered }
}

const whyOpen = (close: readonly SourceSegment[]): Extract<ImportStep, { kind: 'open' }>['why'] => {
  if (close.length === 0) return 'no-segment'
  return close.length === 1 ? 'similar-segment' : 'several-segments'
}

const findSegments = (candidate: ImportCandidate, { options, sources, used }: Choosing): SegmentMatches => {
  if (options.segment === undefined)
    return matchSegments(
      candidate,
      sources.filter(({ segmentId }) => !used.has(segmentId)),
    )
  const segment = sources.find(({ segmentId }) => String(segmentId) === options.segment)
  return segment
    ? { same: [segment], similar: [] }
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
