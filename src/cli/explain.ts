import { compareText } from '../model/diagnostic.ts'
import type { Explanation } from '../model/explanation.ts'
import { FailureError } from '../model/failure.ts'
import { audienceOfKey, type Plan } from '../model/plan.ts'
import type { RecordedState } from '../model/recorded.ts'
import { audienceOf } from '../plan/address.ts'
import { describeAudience } from '../plan/store-report.ts'
import { describeLateness } from '../policy/lateness.ts'
import { renderCodePage, writeCodePage } from '../render/code-page.ts'
import { renderExplanation, writeExplanation } from '../render/explain-terminal.ts'
import { suggestWord } from '../spec/nearest-word.ts'
import { baseNameOf } from '../spec/spec-set.ts'
import { findCodePage, listCodes } from './code-pages.ts'
import { composeReader, composeStateReader, createPaces } from './compose-reader.ts'
import type { CliContext, CommonOptions } from './context.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { chooseOnly, describeTarget, knownAudiences, makePlan } from './make-plan.ts'
import { type LoadedWorkspace, loadWorkspace, lookOf } from './workspace.ts'

export interface ExplainOptions extends CommonOptions {
  /** A code, an audience's id, or an address. */
  readonly subject: string
  /** Looks at no vendor: no key is needed. */
  readonly offline: boolean
}

/** `muster explain`: what a code means, or why an audience is as it is. Writes to nothing. */
export const runExplain = async (options: ExplainOptions, context: CliContext): Promise<ExitCode> =>
  options.subject.includes('/') ? explainCode(options, context) : explainAudience(options, context)

/** Needs no file of the programme: whoever got a message may be anywhere. */
const explainCode = ({ subject, json }: ExplainOptions, { print, paint }: CliContext): ExitCode => {
  const code = subject.replace(/^\[(.*)\]$/, '$1')
  const page = findCodePage(code) ?? refuseCode(code)
  print(json ? writeCodePage(page) : renderCodePage(page, paint))
  return EXIT.done
}

const refuseCode = (code: string): never => {
  throw new FailureError({
    origin: 'cli',
    code: 'explain/unknown-code',
    detail: `There is no code "${code}".`,
    hint: suggestWord(code, listCodes(), 'copy it from the message, without the brackets'),
    retryable: false,
  })
}

const explainAudience = async (options: ExplainOptions, context: CliContext): Promise<ExitCode> => {
  const loaded = loadWorkspace(options, context)
  if (!loaded) return EXIT.errors
  const recorded = await (await composeStateReader(loaded, context)).readState()
  const id = chooseAudience(options.subject, loaded, recorded)
  const plan = options.offline ? undefined : await planOne(id, { loaded, recorded }, context)
  const explanation = explain(options.subject, id, { loaded, recorded, ...(plan ? { plan } : {}) }, context)
  context.print(
    options.json
      ? writeExplanation(explanation)
      : renderExplanation(explanation, lookOf(loaded.specs, context)),
  )
  return EXIT.done
}

/** The audience that an id or an address speaks of: declared, or recorded and without a file. */
const chooseAudience = (subject: string, loaded: LoadedWorkspace, recorded: RecordedState): string => {
  const id = audienceOfKey(subject.includes('.') ? audienceOf(subject) : subject)
  chooseOnly([id], knownAudiences(loaded, recorded))
  return id
}

interface Known {
  readonly loaded: LoadedWorkspace
  readonly recorded: RecordedState
  readonly plan?: Plan
}

const planOne = async (id: string, { loaded, recorded }: Known, context: CliContext): Promise<Plan> => {
  const reader = composeReader(loaded, createPaces(loaded, context), context)
  const { plan } = await makePlan(loaded, recorded, reader, context, new Set([id]))
  return { ...plan, warnings: plan.warnings.filter(({ code }) => code !== WAITS_FOR_OTHERS) }
}

/** Said because this plan is limited to one audience, which is our own doing. */
const WAITS_FOR_OTHERS = 'apply/will-wait'

const explain = (
  subject: string,
  id: string,
  { loaded, recorded, plan }: Known,
  { clock }: CliContext,
): Explanation => {
  const { specs } = loaded
  const meant = subject.includes('.') ? subject : undefined
  const declared = specs.audiences.find(each => each.id === id)
  return {
    target: describeTarget(loaded),
    now: clock.now(),
    id,
    ...(meant === undefined ? {} : { address: meant }),
    ...(declared ? { declared, lateness: describeLateness(declared, loaded.workspace) } : {}),
    report: describeAudience(id, recorded),
    objects: [...recorded.objects.values()]
      .filter(({ audience, address }) => audienceOfKey(audience) === id && (meant ?? address) === address)
      .sort((a, b) => compareText(a.address, b.address)),
    rules: specs.diagnostics.filter(({ at }) => at !== undefined && baseNameOf(at.path) === id),
    ...(plan ? { plan } : {}),
  }
}
