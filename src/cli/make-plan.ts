import { refreshObserved } from '../engine/refresh.ts'
import { type Audience, sendableName } from '../model/audience.ts'
import type { Diagnostic } from '../model/diagnostic.ts'
import { FailureError } from '../model/failure.ts'
import { audienceOfKey, type Plan, type PlanTarget } from '../model/plan.ts'
import type { RecordedState } from '../model/recorded.ts'
import type { Observed } from '../plan/observed.ts'
import { planChanges } from '../plan/plan-changes.ts'
import type { Reader } from '../ports.ts'
import { suggestWord } from '../spec/nearest-word.ts'
import { adviseOnStore } from './advise.ts'
import type { CliContext } from './context.ts'
import type { LoadedWorkspace } from './workspace.ts'

/** Reads both vendors and compares. Given a reader and a state, it has nothing to write with. */
export const makePlan = async (
  loaded: LoadedWorkspace,
  recorded: RecordedState,
  reader: Reader,
  context: CliContext,
  only?: ReadonlySet<string>,
): Promise<PlanMade> => {
  const { workspace, specs } = loaded
  context.reporter.report({ subject: 'both vendors', phase: 'refresh', done: 0 })
  const observed = await refreshObserved(reader, recorded, namesToAdopt(specs.audiences))
  const now = context.clock.now()
  const advice = adviseOnStore(loaded, { recorded, now, ...(only ? { only } : {}) })
  const plan = planChanges({
    workspace,
    audiences: specs.audiences,
    specs: specs.document,
    target: describeTarget(loaded),
    recorded,
    observed,
    refusals: [...chooseUnsupported(specs.unsupported, only), ...advice.filter(isError)],
    advice: advice.filter(each => !isError(each)),
    ...(only ? { only } : {}),
    now,
    musterVersion: context.version,
  })
  return { plan, observed }
}

const isError = ({ severity }: Diagnostic): boolean => severity === 'error'

/** A plan, and what it was made from. */
export interface PlanMade {
  readonly plan: Plan
  readonly observed: Observed
}

/** Sendable segments that are not recorded yet and may be there: reading them costs a call each. */
const namesToAdopt = (audiences: readonly Audience[]): readonly string[] =>
  audiences.flatMap(({ adopt, name, suppressedBy }) =>
    adopt && suppressedBy.length > 0 ? [sendableName(name)] : [],
  )

/** The accounts in one line, as the store remembers whose it is. Another address of the same account is the same. */
export const describeAccounts = ({ environment }: Pick<LoadedWorkspace, 'environment'>): string =>
  `"${environment.name}" (Customer.io ${environment.customerio.region}, MoEngage ${environment.moengage.workspaceId} ` +
  `in data center ${environment.moengage.dataCenter})`

/** Which accounts a loaded environment speaks of. */
export const describeTarget = ({ workspace, environment }: LoadedWorkspace): PlanTarget => ({
  environment: environment.name,
  workspace: workspace.name,
  moengageWorkspace: environment.moengage.workspaceId,
  moengageDataCenter: environment.moengage.dataCenter,
  customerioRegion: environment.customerio.region,
})

/** What is not supported in an audience that was not asked for does not stop the others. */
export const chooseUnsupported = (
  unsupported: readonly Diagnostic[],
  only?: ReadonlySet<string>,
): readonly Diagnostic[] =>
  unsupported.filter(({ at }) => only === undefined || concerns(at?.path ?? '', only))

const concerns = (path: string, only: ReadonlySet<string>): boolean => {
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.yaml$/, '')
  return name === 'workspace' || only.has(name)
}

/** The ids of `--only`, each of which must be declared, or be recorded and about to be retired. */
export const chooseOnly = (
  ids: readonly string[] | undefined,
  known: readonly string[],
): ReadonlySet<string> | undefined => {
  if (!ids || ids.length === 0) return undefined
  for (const id of ids) {
    if (known.includes(id)) continue
    throw new FailureError({
      origin: 'cli',
      code: 'cli/unknown-audience',
      detail: `There is no audience "${id}".`,
      hint: suggestWord(id, known, 'name one that has a file'),
      retryable: false,
    })
  }
  return new Set(ids)
}

/** Ids that `--only` may name. */
export const knownAudiences = ({ specs }: LoadedWorkspace, recorded: RecordedState): readonly string[] => [
  ...new Set([...specs.audiences.map(({ id }) => id), ...recordedAudiences(recorded)]),
]

/** Ids of all audiences of which something is recorded. */
export const recordedAudiences = ({ objects }: RecordedState): readonly string[] => [
  ...new Set([...objects.values()].map(({ audience }) => audienceOfKey(audience))),
]
