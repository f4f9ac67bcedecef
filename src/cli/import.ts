import { FailureError } from '../model/failure.ts'
import type { RecordedState } from '../model/recorded.ts'
import {
  findCandidates,
  type ImportCandidate,
  type ImportStep,
  readCohortName,
} from '../plan/import-candidates.ts'
import { NO_TAKEOVER } from '../plan/import-takeover.ts'
import { ownName } from '../plan/observed.ts'
import type { DestinationSegment } from '../ports.ts'
import { renderImport, type ShownStep, writeImport } from '../render/import-terminal.ts'
import { suggestWord } from '../spec/nearest-word.ts'
import { composeReader, composeStateReader, createPaces, type Paces } from './compose-reader.ts'
import type { CliContext, CommonOptions } from './context.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { type Adopted, adoptImported } from './import-adopt.ts'
import { chooseSteps, type ImportChoices } from './import-choose.ts'
import { draftFiles, type ImportFile, writeImportFiles } from './import-files.ts'
import { type LoadedWorkspace, loadWorkspace } from './workspace.ts'

export interface ImportOptions extends CommonOptions, ImportChoices {
  /** Names in MoEngage. Empty: all that follow the naming convention. */
  readonly cohorts: readonly string[]
  readonly isDryRun: boolean
  /** Does not ask before it takes anything over. */
  readonly yes: boolean
}

/** `muster import`: writes specs for cohorts that exist already, and takes them over. No vendor is written to. */
export const runImport = async (options: ImportOptions, context: CliContext): Promise<ExitCode> => {
  const loaded = loadWorkspace(options, context)
  if (!loaded) return EXIT.errors
  const recorded = await (await composeStateReader(loaded, context)).readState()
  const paces = createPaces(loaded, context)
  const reader = composeReader(loaded, paces, context)
  context.reporter.report({ subject: 'both vendors', phase: 'refresh', done: 0 })
  const [segments, sources] = await Promise.all([
    reader.destination.listSegments(),
    reader.source.listSegments(),
  ])
  const candidates = chooseCandidates({ segments, recorded, loaded }, options)
  if (candidates.length === 0) {
    context.print(options.json ? writeImport([], NO_TAKEOVER, options.isDryRun) : NOTHING)
    return EXIT.done
  }
  const steps = await chooseSteps({ candidates, sources, recorded, loaded, options }, context)
  const files = await draftFiles({ steps, loaded, options }, context)
  return carryOut({ paces, options, steps, files }, context)
}

const NOTHING = 'Nothing to import: every listed segment that follows the naming convention is managed.\n'

interface Listed {
  readonly segments: readonly DestinationSegment[]
  readonly recorded: RecordedState
  readonly loaded: LoadedWorkspace
}

const chooseCandidates = (
  { segments, recorded, loaded }: Listed,
  { cohorts }: ImportOptions,
): readonly ImportCandidate[] => {
  const { workspace, specs } = loaded
  const candidates = findCandidates({ segments, recorded, workspace, audiences: specs.audiences })
  if (cohorts.length === 0) return candidates
  return cohorts.map(
    name =>
      candidates.find(candidate => candidate.name === name) ??
      refuseCohort(name, { segments, recorded, loaded }),
  )
}

const refuseCohort = (name: string, { segments, recorded, loaded }: Listed): never => {
  const names = segments.map(segment => ownName(segment.name, loaded.workspace.partner))
  if (!names.includes(name))
    return refuse(
      'import/not-listed',
      `MoEngage lists no segment "${name}".`,
      suggestWord(name, names, 'write the name letter by letter as MoEngage shows it'),
    )
  if (!readCohortName(name, loaded.workspace))
    return refuse(
      'import/name-form',
      `"${name}" is not of the form <purpose>__<UseCase>__<window>, and a cohort cannot be renamed.`,
      'declare an audience with a new name instead; the old cohort stays as it is',
    )
  return recorded.tombstones.has(name)
    ? refuse('guard/name-used', `"${name}" was retired or given up before.`, 'declare it under another name')
    : refuse('import/managed', `"${name}" is managed already.`, 'muster state list shows by which audience')
}

interface Work {
  readonly paces: Paces
  readonly options: ImportOptions
  readonly steps: readonly ImportStep[]
  readonly files: readonly ImportFile[]
}

/** All that is clear is written and taken over together; what is open is said, and ends with 1. */
const carryOut = async ({ paces, options, steps, files }: Work, context: CliContext): Promise<ExitCode> => {
  const shown = steps.map(step => ({ ...step, path: pathOf(step, files) }))
  const ids = steps.flatMap(step => (step.kind === 'open' ? [] : [step.id]))
  const next = loadWorkspace(options, context, { drafts: files.flatMap(({ draft }) => draft ?? []) })
  if (!next) return EXIT.errors
  if (!options.json) context.print(`${renderImport(shown)}${options.isDryRun ? showDrafts(files) : ''}`)
  const { exitCode, takeover } =
    ids.length === 0
      ? { exitCode: EXIT.done, takeover: NO_TAKEOVER }
      : await adoptAll({ next, ids, paces, files, options }, context)
  if (exitCode === EXIT.refused) return exitCode
  if (options.json) context.print(writeImport(shown, takeover, options.isDryRun))
  else if (options.isDryRun) context.print('\nNothing was written.\n')
  if (exitCode !== EXIT.done) return exitCode
  return ids.length < steps.length ? EXIT.errors : EXIT.done
}

interface Adoption extends Pick<Work, 'paces' | 'files' | 'options'> {
  readonly next: LoadedWorkspace
  readonly ids: readonly string[]
}

const adoptAll = ({ next, ids, paces, files, options }: Adoption, context: CliContext): Promise<Adopted> =>
  adoptImported(
    {
      loaded: next,
      ids,
      begun: new Set(files.flatMap(({ id, isNew }) => (isNew ? [id] : []))),
      paces,
      options,
      write: () => writeImportFiles(files, options.json, context),
    },
    context,
  )

const pathOf = (step: ImportStep, files: readonly ImportFile[]): ShownStep['path'] =>
  step.kind === 'open' ? '' : (files.find(({ id }) => id === step.id)?.path ?? '')

const showDrafts = (files: readonly ImportFile[]): string =>
  files
    .flatMap(({ path, draft }) => (draft ? [`\n${path}\n\n${new TextDecoder().decode(draft.bytes)}`] : []))
    .join('')

const refuse = (code: string, detail: string, hint: string): never => {
  throw new FailureError({ origin: 'cli', code, detail, hint, retryable: false })
}
