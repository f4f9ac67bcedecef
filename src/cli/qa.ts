import { signOff } from '../engine/qa-evidence.ts'
import { type QaRun, runQa } from '../engine/qa-verify.ts'
import type { Audience } from '../model/audience.ts'
import { hasTrouble } from '../model/checkup.ts'
import { FailureError } from '../model/failure.ts'
import { invariant } from '../model/invariant.ts'
import type { QaEvidence, SignOff } from '../model/recorded.ts'
import { countSyncs } from '../monitor/count-sync.ts'
import { renderQa, writeQa } from '../render/qa-terminal.ts'
import { showLine } from '../render/show-value.ts'
import { writeSyncResult } from '../render/sync-json.ts'
import { composeReader, createPaces } from './compose-reader.ts'
import { composePeople } from './compose-sync.ts'
import { composeWriter } from './compose-writer.ts'
import type { CliContext, CommonOptions } from './context.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { chooseOnly, chooseUnsupported, describeTarget } from './make-plan.ts'
import { judgeReports } from './sync.ts'
import { withRun } from './with-run.ts'
import { withStore } from './with-store.ts'
import { type LoadedWorkspace, loadWorkspace, lookOf, warnOf } from './workspace.ts'

export interface QaOptions extends CommonOptions {
  readonly id: string
  /** Who vouches for it. Absent: testers are sent, and nobody signs. */
  readonly by?: string
  readonly note?: string
  readonly yes: boolean
}

/** `muster qa`: sends an audience to its testers, looks at what can be looked at, and puts a name under it. */
export const runQaCommand = async (options: QaOptions, context: CliContext): Promise<ExitCode> => {
  const loaded = loadWorkspace(options, context)
  if (!loaded) return EXIT.errors
  const audience = chooseAudience(options.id, loaded)
  checkSigner(options, context)
  const unsupported = chooseUnsupported(loaded.specs.unsupported, new Set([audience.id]))
  warnOf(unsupported.length > 0 ? unsupported : loaded.specs.diagnostics, loaded.specs, context)
  if (unsupported.length > 0) return EXIT.refused
  const { exitCode, qa } = await sendTesters(loaded, audience, context)
  const isVerified = exitCode === EXIT.done && qa.evidence !== undefined && !hasTrouble(qa.checks)
  if (!options.json) print(qa, { loaded, audience, isVerified, ...options }, context)
  const signedOff = isVerified && qa.evidence ? await sign(loaded, qa.evidence, options, context) : undefined
  if (options.json)
    context.print(writeQa(audience.id, qa, { isVerified, ...(signedOff ? { signedOff } : {}) }))
  if (exitCode !== EXIT.done) return exitCode
  return isVerified && (options.by === undefined || signedOff) ? EXIT.done : EXIT.errors
}

const chooseAudience = (id: string, { specs }: LoadedWorkspace): Audience => {
  chooseOnly(
    [id],
    specs.audiences.map(each => each.id),
  )
  const audience = specs.audiences.find(each => each.id === id)
  invariant(audience, 'it was chosen from the specs')
  const { kind } = audience.rollout.stage
  if (kind === 'qa') return audience
  // Sent in another stage than its own, a live cohort would lose everybody but the testers.
  return refuse(
    'qa/not-in-qa',
    `"${id}" is in the stage "${kind}", and its cohort is not the testers' alone.`,
    'set rollout: { stage: qa } and apply it, or try the segment in an audience of its own',
  )
}

const LONGEST_NAME = 80

/** Before anything is sent: whoever signs must have a name, and somebody must be there to be asked. */
const checkSigner = ({ by, note, yes, json }: QaOptions, { confirm }: CliContext): void => {
  if (by === undefined && note !== undefined)
    refuse('qa/bad-name', 'A note without a name is signed by nobody.', 'add --by "Your Name"')
  if (by !== undefined && (by.trim() === '' || by.length > LONGEST_NAME || !isPlain(by)))
    refuse('qa/bad-name', BAD_NAME, '--by "Your Name"')
  if (note !== undefined && !isPlain(note))
    refuse('qa/bad-name', 'A note is one line, and names no mail address.', '--note "seen on Android"')
  if (by !== undefined && !yes && (!confirm || json))
    refuse('cli/cannot-ask', 'There is nobody to answer here.', 'look at the testers, then run it with --yes')
}

const BAD_NAME = `A sign-off is a colleague's name of at most ${LONGEST_NAME} characters on one line, and no mail address.`

/** Addresses are people's identifiers, and what is kept here is shown to others. */
const isPlain = (text: string): boolean => showLine(text) === text && !/\S@\S+\.\S/.test(text)

const sendTesters = async (
  loaded: LoadedWorkspace,
  audience: Audience,
  context: CliContext,
): Promise<{ exitCode: ExitCode; qa: QaRun }> => {
  const paces = createPaces(loaded, context)
  const reader = composeReader(loaded, paces, context)
  const writer = composeWriter(loaded, paces, context)
  const people = composePeople(loaded, paces, context)
  let qa: QaRun | undefined
  const exitCode = await withRun({ loaded, reader, writer, people, command: 'qa' }, context, async run => {
    qa = await runQa(run, audience, loaded.specs.audiences)
    const { reports } = qa.end
    return {
      ...judgeReports(reports),
      summary: JSON.stringify(reports.map(({ result }) => writeSyncResult(result))),
      counts: countSyncs(reports, [audience], run),
    }
  })
  invariant(qa, 'the run ended without an error')
  return { exitCode, qa }
}

interface Shown extends Pick<QaOptions, 'by'> {
  readonly loaded: LoadedWorkspace
  readonly audience: Audience
  readonly isVerified: boolean
}

const print = (qa: QaRun, { loaded, audience, isVerified, by }: Shown, context: CliContext): void => {
  context.print(renderQa(describeTarget(loaded), audience, qa, lookOf(loaded.specs, context)))
  if (isVerified && by === undefined)
    context.print(`\nOnce the testers were seen to get it: muster qa ${audience.id} --by "Your Name"\n`)
}

/** The store is free while a person looks at phones, so it is opened anew. */
const sign = async (
  loaded: LoadedWorkspace,
  evidence: QaEvidence,
  { by, note, yes, json }: QaOptions,
  context: CliContext,
): Promise<SignOff | undefined> => {
  if (by === undefined) return undefined
  if (!yes && !(await context.confirm?.(`\nDid the testers get what they should? Only "yes" is taken: `))) {
    context.warn('Not signed off.\n')
    return undefined
  }
  let signedOff: SignOff | undefined
  await withStore({ loaded, command: 'qa' }, context, async run => {
    signedOff = { by: by.trim(), at: run.now, ...(note === undefined ? {} : { note }) }
    await signOff(run, evidence, signedOff)
    return { exitCode: EXIT.done, outcome: 'done' }
  })
  if (!json) context.print(`\nSigned off by ${by.trim()}.\n`)
  return signedOff
}

const refuse = (code: string, detail: string, hint: string): never => {
  throw new FailureError({ origin: 'cli', code, detail, hint, retryable: false })
}
