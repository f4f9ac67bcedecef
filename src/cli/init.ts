import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { isAbsolute, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { hasErrors } from '../model/diagnostic.ts'
import { FailureError } from '../model/failure.ts'
import { draftFirstAudience, draftWorkspace, type FirstAnswers } from '../spec/draft-first.ts'
import { formatSpec } from '../spec/format.ts'
import type { SpecFile } from '../spec/parse.ts'
import { createFileAtomically } from './atomic-file.ts'
import type { CliContext, CommonOptions } from './context.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { QUESTIONS, type Question } from './init-questions.ts'
import { listSpecFiles } from './spec-files.ts'
import { loadSpecs, loadValidators } from './specs.ts'
import { warnOf } from './workspace.ts'

/** Answers by key, as they were typed. */
type Typed = Readonly<Partial<Record<keyof FirstAnswers, string>>>

export interface InitOptions extends CommonOptions {
  readonly given: Typed
  /** Where the store will lie. */
  readonly cwd: string
}

/** `muster init`: a first workspace and audience, by options or a few questions. Nothing that is there is touched. */
export const runInit = async (options: InitOptions, context: CliContext): Promise<ExitCode> => {
  const folder = listSpecFiles(options.dir).shownDirectory
  const workspacePath = `${folder}/workspace.yaml`
  refuseIfThere(workspacePath)
  const answers = await answerAll(options, context)
  const audiencePath = `${folder}/${answers.id}.yaml`
  refuseIfThere(audiencePath)
  const { audience, workspace } = loadValidators()
  const schema = findSchema(options)
  const drafts = [
    formatDraft(workspacePath, draftWorkspace(answers, schema), workspace.schema),
    formatDraft(audiencePath, draftFirstAudience(answers, schema), audience.schema),
  ]
  await mkdir(options.dir, { recursive: true })
  const specs = loadSpecs(options.dir, loadValidators(), { drafts, now: context.clock.now() })
  warnOf(specs.diagnostics, specs, context)
  if (hasErrors(specs.diagnostics)) return EXIT.errors
  for (const { path, bytes } of drafts) await createFileAtomically(path, new TextDecoder().decode(bytes))
  const files = [...drafts.map(({ path }) => path), ...(await keepStoreOut(options))]
  context.print(options.json ? writeJson(files, answers) : describeNext(files, answers, options))
  return EXIT.done
}

const refuseIfThere = (path: string): void => {
  if (!existsSync(path)) return
  throw new FailureError({
    origin: 'cli',
    code: 'cli/file-exists',
    detail: `${path} is there already, and stays as it is.`,
    hint: 'muster validate checks what is there; muster import writes specs for cohorts that exist',
    retryable: false,
  })
}

/** All of them, or one refusal that names all that is missing or wrong. */
const answerAll = async ({ given, json }: InitOptions, { ask, print }: CliContext): Promise<FirstAnswers> => {
  const answered: Partial<Record<keyof FirstAnswers, string>> = { ...given }
  const wrong = QUESTIONS.filter(({ key, pattern }) => given[key] !== undefined && !pattern.test(given[key]))
  if (wrong.length > 0)
    refuse(
      'init/bad-answer',
      `${wrong.map(({ option, form }) => `${option} must be ${form}`).join('; ')}.`,
      'correct it, or leave it out to be asked',
    )
  for (const question of QUESTIONS) {
    if (answered[question.key] !== undefined) continue
    const answer =
      ask && !json ? await askOne(question, answered, { ask, print }) : question.suggest?.(answered)
    if (answer !== undefined && question.pattern.test(answer)) answered[question.key] = answer
  }
  const missing = QUESTIONS.filter(({ key }) => answered[key] === undefined)
  if (missing.length > 0)
    refuse(
      'init/missing',
      'Not everything is said that a first audience needs.',
      `add ${missing.map(({ option, form }) => `${option} <${form}>`).join(', ')}`,
    )
  const { testers = '', ...rest } = answered
  // Every question was answered, or we would not be here.
  return { ...rest, testers: testers.split(',').map(each => each.trim()) } as FirstAnswers
}

const MOST_TRIES = 3

/** Asks again when the answer has another form; empty takes what is suggested. */
const askOne = async (
  { question, pattern, form, suggest }: Question,
  answered: Typed,
  { ask, print }: Required<Pick<CliContext, 'ask' | 'print'>>,
): Promise<string | undefined> => {
  const suggested = suggest?.(answered)
  const offer = suggested === undefined || !pattern.test(suggested) ? '' : ` [${suggested}]`
  for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
    const answer = (await ask(`${question}${offer}: `)) || suggested || ''
    if (pattern.test(answer)) return answer
    print(`It must be ${form}.\n`)
  }
  return undefined
}

const refuse = (code: string, detail: string, hint: string): never => {
  throw new FailureError({ origin: 'cli', code, detail, hint, retryable: false })
}

const formatDraft = (path: string, text: string, schema: object): SpecFile => {
  const written = { path, bytes: new TextEncoder().encode(text) }
  return { path, bytes: new TextEncoder().encode(formatSpec(written, schema).text) }
}

/** The way from the specs to the schemas, where they lie below the same folder: others on the team have them there too. */
const findSchema = ({ dir, cwd }: InitOptions): string | undefined => {
  const schema = fileURLToPath(new URL('../../schema', import.meta.url))
  const fromHere = relative(cwd, schema)
  if (fromHere.startsWith('..') || isAbsolute(fromHere)) return undefined
  return relative(resolve(dir), schema).split(sep).join('/')
}

/** The store holds people's identifiers: git must not see it, whatever else somebody ignores. */
const keepStoreOut = async ({ cwd }: InitOptions): Promise<readonly string[]> => {
  const folder = join(cwd, '.muster')
  if (existsSync(join(folder, '.gitignore'))) return []
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await createFileAtomically(join(folder, '.gitignore'), '# The store holds identifiers of people.\n*\n')
  return ['.muster/.gitignore']
}

const writeJson = (files: readonly string[], { id }: FirstAnswers): string =>
  `${JSON.stringify({ files, audience: id }, null, 2)}\n`

const describeNext = (files: readonly string[], { id }: FirstAnswers, { dir }: CommonOptions): string => {
  const where = dir === 'audiences' ? '' : ` --dir ${dir}`
  return `${files.map(path => `Wrote ${path}\n`).join('')}
Next:
  export CUSTOMERIO_APP_KEY=… MOENGAGE_DATA_KEY=…
  muster doctor${where}    whether keys, regions, identifiers and testers are right
  muster plan${where}      what would be made; it writes to neither vendor
  muster apply${where}     make it
  muster qa ${id}${where} --by "Your Name"    send the testers, and sign it off

Nobody but testers is sent until the stage is canary or live, so one of them must be in the segment.
`
}
