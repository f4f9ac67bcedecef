import { stat } from 'node:fs/promises'
import { FailureError } from '../model/failure.ts'
import { invariant } from '../model/invariant.ts'
import { type ImportStep, toKebabCase } from '../plan/import-candidates.ts'
import { type AudienceDraft, draftAudience } from '../spec/draft-audience.ts'
import { formatSpec } from '../spec/format.ts'
import { insertAdopt } from '../spec/insert-adopt.ts'
import type { SpecFile } from '../spec/parse.ts'
import { baseNameOf } from '../spec/spec-set.ts'
import { createFileAtomically, writeFileAtomically } from './atomic-file.ts'
import type { CliContext } from './context.ts'
import { chooseTeam, type ImportChoices } from './import-choose.ts'
import { listSpecFiles, readSpecFile } from './spec-files.ts'
import { loadValidators } from './specs.ts'
import type { LoadedWorkspace } from './workspace.ts'

/** The file of an imported audience. `draft` is what is to be written; absent when it says all already. */
export interface ImportFile {
  readonly id: string
  readonly path: string
  readonly isNew: boolean
  readonly draft?: SpecFile
}

export interface DraftInput {
  readonly steps: readonly ImportStep[]
  readonly loaded: LoadedWorkspace
  readonly options: ImportChoices
}

/** The files as they would be, nothing of them written yet. */
export const draftFiles = async (
  { steps, loaded, options }: DraftInput,
  context: CliContext,
): Promise<readonly ImportFile[]> => {
  const needsTeam = steps.some(({ kind }) => kind === 'new')
  const team = needsTeam ? await chooseTeam(loaded, options, context) : ''
  return steps.flatMap(step => {
    if (step.kind === 'open') return []
    return step.kind === 'new'
      ? draftNew(step, team, { loaded, options })
      : editDeclared(step, { loaded, options })
  })
}

type Given = Pick<DraftInput, 'loaded' | 'options'>

const draftNew = (
  { id, candidate, segment }: Extract<ImportStep, { kind: 'new' }>,
  team: string,
  { loaded, options }: Given,
): ImportFile => {
  const path = `${loaded.specs.directory}/${id}.yaml`
  const owner = loaded.workspace.teams.get(team)
  invariant(owner, 'the team was chosen from the workspace')
  const draft: AudienceDraft = {
    id,
    name: candidate.name,
    intent: candidate.intent,
    useCase: toKebabCase(candidate.useCase),
    window: candidate.window,
    source: segment,
    owner: { team, ...owner },
    ...(options.cohortId === undefined ? {} : { cohortId: options.cohortId }),
  }
  return { id, path, isNew: true, draft: toSpecFile(path, formatDraft(path, draftAudience(draft))) }
}

/** As `muster fmt` would leave it. What cannot be read is shown by the validation that follows. */
const formatDraft = (path: string, text: string): string =>
  formatSpec(toSpecFile(path, text), loadValidators().audience.schema).text

const toSpecFile = (path: string, text: string): SpecFile => ({ path, bytes: new TextEncoder().encode(text) })

const editDeclared = ({ id }: { readonly id: string }, { loaded, options }: Given): ImportFile => {
  const path = listSpecFiles(loaded.specs.directory).paths.find(each => baseNameOf(each) === id)
  invariant(path !== undefined, `${id} is declared in no file`)
  if (loaded.specs.audiences.find(each => each.id === id)?.adopt) return { id, path, isNew: false }
  const file = readSpecFile(path)
  const text =
    'bytes' in file ? insertAdopt(new TextDecoder().decode(file.bytes), options.cohortId) : undefined
  if (text === undefined) {
    throw new FailureError({
      origin: 'cli',
      code: 'import/cannot-edit',
      detail: `${path} is not laid out so that a line can be put into it.`,
      hint: 'write adopt: true below its name, then run muster apply',
      retryable: false,
    })
  }
  return { id, path, isNew: false, draft: toSpecFile(path, text) }
}

/** Writes each file whole or not at all. One that came to be meanwhile stays as it is. */
export const writeImportFiles = async (
  files: readonly ImportFile[],
  json: boolean,
  { print }: CliContext,
): Promise<void> => {
  if (!json) print('\n')
  for (const { path, isNew, draft } of files) {
    if (!draft) continue
    const text = new TextDecoder().decode(draft.bytes)
    if (isNew) await createFileAtomically(path, text)
    else await writeFileAtomically(path, text, (await stat(path)).mode)
    if (!json) print(`Wrote ${path}\n`)
  }
}
