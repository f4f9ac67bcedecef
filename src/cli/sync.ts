import { INTERRUPTED } from '../engine/interrupt.ts'
import { type Allowance, syncAudiences } from '../engine/sync.ts'
import { SYNC_GUARDS, type SyncGuard } from '../membership/guard.ts'
import { type Diagnostic, hasErrors } from '../model/diagnostic.ts'
import { FailureError } from '../model/failure.ts'
import type { SyncResult } from '../model/membership.ts'
import type { SyncReport } from '../model/outcome.ts'
import { countSyncs } from '../monitor/count-sync.ts'
import { renderTarget } from '../render/plan-terminal.ts'
import { renderSyncJson, writeSyncResult } from '../render/sync-json.ts'
import { renderSync } from '../render/sync-terminal.ts'
import { joinWords, suggestWord } from '../spec/nearest-word.ts'
import { composeReader, createPaces } from './compose-reader.ts'
import { composePeople } from './compose-sync.ts'
import { composeWriter } from './compose-writer.ts'
import type { CliContext, CommonOptions } from './context.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { chooseOnly, chooseUnsupported, describeTarget } from './make-plan.ts'
import { withRun } from './with-run.ts'
import type { RunEnd } from './with-store.ts'
import { loadWorkspace, lookOf, warnOf } from './workspace.ts'

export interface SyncCommandOptions extends CommonOptions {
  readonly only?: readonly string[]
  /** As typed: `id:guard:reason`. */
  readonly allow: readonly string[]
  readonly full: boolean
}

/** `muster sync`: brings the members of every cohort in line with its segment. */
export const runSync = async (options: SyncCommandOptions, context: CliContext): Promise<ExitCode> => {
  const loaded = loadWorkspace(options, context)
  if (!loaded) return EXIT.errors
  const { specs } = loaded
  const known = specs.audiences.map(({ id }) => id)
  const only = chooseOnly(options.only, known)
  const allow = options.allow.map(written => parseAllowance(written, known))
  const unsupported = chooseUnsupported(specs.unsupported, only)
  if (unsupported.length > 0) {
    warnOf(unsupported, specs, context)
    return EXIT.refused
  }
  warnOf(specs.diagnostics, specs, context)
  const paces = createPaces(loaded, context)
  const reader = composeReader(loaded, paces, context)
  const writer = composeWriter(loaded, paces, context)
  const people = composePeople(loaded, paces, context)
  return withRun({ loaded, reader, writer, people, command: 'sync' }, context, async run => {
    const syncOptions = { allow, full: options.full, ...(only ? { only } : {}) }
    const end = await syncAudiences(run, specs.audiences, syncOptions)
    context.print(
      options.json
        ? renderSyncJson(end.reports)
        : `${renderTarget(describeTarget(loaded), context.paint)}\n\n${renderSync(end, lookOf(specs, context))}`,
    )
    return {
      ...judgeReports(end.reports),
      summary: JSON.stringify(end.reports.map(({ result }) => writeSyncResult(result))),
      counts: countSyncs(end.reports, specs.audiences, run),
    }
  })
}

/** Understands one `--allow`. The reason may hold colons; it is kept in the journal, so it must not be empty. */
export const parseAllowance = (written: string, known: readonly string[]): Allowance => {
  const [audience = '', guard = '', ...rest] = written.split(':')
  const reason = rest
    .join(':')
    .trim()
    .replace(/^"(.*)"$/, '$1')
  if (!known.includes(audience)) {
    return refuseAllowance(
      `there is no audience "${audience}"`,
      suggestWord(audience, known, 'write id:guard:reason'),
    )
  }
  if (!isGuard(guard)) {
    const names = `name one of ${joinWords(SYNC_GUARDS, 'or')}`
    return refuseAllowance(`there is no guard "${guard}"`, suggestWord(guard, SYNC_GUARDS, names))
  }
  if (guard === 'incomplete-read') {
    return refuseAllowance(
      'an incomplete read cannot be allowed',
      'run the sync again once the source can be read',
    )
  }
  if (reason === '') return refuseAllowance('the reason is missing', `write ${audience}:${guard}:"why"`)
  return { audience, guard, reason }
}

const isGuard = (word: string): word is SyncGuard => SYNC_GUARDS.some(guard => guard === word)

const refuseAllowance = (detail: string, hint: string): never => {
  throw new FailureError({
    origin: 'cli',
    code: 'cli/bad-allow',
    detail: `--allow cannot be understood: ${detail}.`,
    hint,
    retryable: false,
  })
}

/** Refused by a guard, partly done, or done: what a schedule needs to know. */
export const judgeReports = (reports: readonly SyncReport[]): Pick<RunEnd, 'exitCode' | 'outcome'> => {
  const failures = reports.flatMap(({ failure }) => failure ?? [])
  const isInterrupted = failures.some(({ code }) => code === INTERRUPTED.code)
  const hasFinished = reports.some(({ failure, wasStopped, note }) => !failure && !wasStopped && !note)
  if (failures.length > 0) {
    return isInterrupted || hasFinished
      ? { exitCode: EXIT.partlyApplied, outcome: 'partial' }
      : { exitCode: EXIT.errors, outcome: 'failed' }
  }
  if (reports.some(({ findings }) => hasErrors(findings)))
    return { exitCode: EXIT.refused, outcome: 'refused' }
  if (reports.some(({ result, findings }) => isWaiting(result) || findings.some(isOfHalfARead)))
    return { exitCode: EXIT.partlyApplied, outcome: 'partial' }
  return { exitCode: EXIT.done, outcome: 'done' }
}

/** Who was not on the pages that came could not be added: a run that read half of a segment is not done. */
const isOfHalfARead = ({ code }: Diagnostic): boolean => code === 'guard/incomplete-read'

/**
 * Removes that a guard or MoEngage holds back, and what waits for an open answer: the same sync, run again later, goes
 * on. Whom an exit rule holds is where they should be.
 */
const isWaiting = ({ heldBy = {}, keptOut = {} }: SyncResult): boolean =>
  [heldBy.guard, heldBy.refused, heldBy.unsettled, keptOut.unsettled].some((count = 0) => count > 0)
