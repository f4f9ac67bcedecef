import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { createTwoFilesPatch } from 'diff'
import { hasErrors } from '../model/diagnostic.ts'
import { FailureError } from '../model/failure.ts'
import { isUnusualPath, placeOwners, writeOwners } from '../render/codeowners.ts'
import { writeFileAtomically } from './atomic-file.ts'
import type { CliContext, CommonOptions } from './context.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { loadSpecs } from './specs.ts'
import { warnOf } from './workspace.ts'

export interface CodeownersOptions extends CommonOptions {
  /** Writes nothing, and ends with 1 when something would be written. */
  readonly check: boolean
  /** Absent: the one that GitHub reads. */
  readonly file?: string
}

/** `muster codeowners`: has GitHub ask those whom the specs name. Lines of others stay. Needs no key and no network. */
export const runCodeowners = async (options: CodeownersOptions, context: CliContext): Promise<ExitCode> => {
  const specs = loadSpecs(options.dir)
  if (!specs.workspace || hasErrors(specs.diagnostics)) {
    warnOf(specs.diagnostics, specs, context)
    return EXIT.errors
  }
  const place = choosePlace(options)
  const block = writeOwners({ workspace: specs.workspace, audiences: specs.audiences, folder: place.folder })
  const before = existsSync(place.path) ? readFileSync(place.path, 'utf8') : ''
  const after = placeOwners(before, block) ?? refuseMarks(place.shown)
  const isStale = before !== after
  if (isStale && !options.check) await write(place.path, after)
  const answer = { file: place.shown, changed: isStale }
  if (options.json) context.print(`${JSON.stringify(answer, null, 2)}\n`)
  else context.print(describe(answer, options.check, { before, after }))
  if (!isStale || !options.check) return EXIT.done
  throw new FailureError({
    origin: 'cli',
    code: 'codeowners/stale',
    detail: `${place.shown} is not what the specs say.`,
    hint: 'muster codeowners, and commit the file',
    retryable: false,
  })
}

/** In this order GitHub looks for the file, and reads the first one alone. */
const PLACES = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS']

interface Place {
  readonly path: string
  /** As it is told: from where the user stands. */
  readonly shown: string
  /** Of the specs, from the root of the repository. */
  readonly folder: string
}

const choosePlace = ({ dir, file }: CodeownersOptions): Place => {
  const specs = realpathSync(resolve(dir))
  const root = findRoot(specs) ?? realpathSync(process.cwd())
  const [first = ''] = PLACES
  // Beside one that is there, another would be read in its place, and all its lines lost.
  const path =
    file === undefined
      ? join(root, PLACES.find(each => existsSync(join(root, each))) ?? first)
      : resolve(file)
  const folder = relative(root, specs).split(sep).join('/')
  if (folder === '' || folder.startsWith('..') || isUnusualPath(folder))
    throw new FailureError({
      origin: 'cli',
      code: 'codeowners/unusual-path',
      detail: `The folder of the specs, "${folder}", cannot be named in CODEOWNERS.`,
      hint: 'give it a plain name of its own inside the repository',
      retryable: false,
    })
  return { path, shown: relative(process.cwd(), path).split(sep).join('/') || path, folder }
}

/** The folder that holds `.git`, which is a file in a work tree. */
const findRoot = (from: string): string | undefined => {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return folder
    if (folder === dirname(folder)) return undefined
  }
}

const refuseMarks = (shown: string): never => {
  throw new FailureError({
    origin: 'cli',
    code: 'codeowners/broken-marks',
    detail: `The marks of muster in ${shown} do not belong together: one BEGIN, then one END.`,
    hint: 'put both back, or remove what is left of them',
    retryable: false,
  })
}

const write = async (path: string, text: string): Promise<void> => {
  await mkdir(dirname(path), { recursive: true })
  await writeFileAtomically(path, text)
}

const describe = (
  { file, changed }: { readonly file: string; readonly changed: boolean },
  check: boolean,
  { before, after }: { readonly before: string; readonly after: string },
): string => {
  if (!changed) return `${file} is what the specs say.\n`
  if (!check) return `Wrote ${file}\n`
  return createTwoFilesPatch(`a/${file}`, `b/${file}`, before, after, undefined, undefined, { context: 2 })
    .split('\n')
    .filter(line => !line.startsWith('='))
    .join('\n')
}
