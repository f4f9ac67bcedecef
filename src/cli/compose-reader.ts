import { createPace, type Pace } from '../engine/pace.ts'
import { FailureError } from '../model/failure.ts'
import { isLoopback } from '../model/loopback.ts'
import type { DestinationReader, HistoryReader, Reader, SourceReader, StateReader } from '../ports.ts'
import { createCustomerioReader } from '../providers/customerio/provider.ts'
import type { Surroundings } from '../providers/http.ts'
import { createMoengageReader } from '../providers/moengage/provider.ts'
import type { CliContext } from './context.ts'
import { describeAccounts } from './make-plan.ts'
import { readDatabaseUrl } from './store-place.ts'
import type { LoadedWorkspace } from './workspace.ts'

/** One budget for each account, shared by everything a command does there. */
export interface Paces {
  readonly customerio: Pace
  readonly moengage: Pace
}

export const createPaces = ({ workspace }: LoadedWorkspace, { clock }: CliContext): Paces => ({
  customerio: createPace({ limit: workspace.rates.customerioPerSecond, intervalMs: 1_000, clock }),
  moengage: createPace({ limit: workspace.rates.moengagePerMinute, intervalMs: 60_000, clock }),
})

/** Both vendors as things to look at. Nothing that this module builds or imports by name can write. */
export const composeReader = (loaded: LoadedWorkspace, paces: Paces, context: CliContext): Reader => ({
  source: composeSource(loaded, paces, context),
  destination: composeDestination(loaded, paces, context),
})

/** Is told what time a vendor has. */
type HearTime = NonNullable<Surroundings['hearTime']>

/** Customer.io as something to look at. */
export const composeSource = (
  { environment: { customerio } }: LoadedWorkspace,
  paces: Paces,
  context: CliContext,
  hearTime?: HearTime,
): SourceReader =>
  createCustomerioReader({
    ...surround(paces.customerio, context),
    connection: customerio,
    appKey: requireKeyOf(customerio, customerio.appKeyEnv, 'an App API key of Customer.io', context),
    ...(hearTime ? { hearTime } : {}),
  })

/** MoEngage as something to look at. */
export const composeDestination = (
  { environment: { moengage } }: LoadedWorkspace,
  paces: Paces,
  context: CliContext,
  hearTime?: HearTime,
): DestinationReader =>
  createMoengageReader({
    ...surround(paces.moengage, context),
    connection: moengage,
    dataKey: requireKeyOf(moengage, moengage.dataKeyEnv, 'the Data API key of MoEngage', context),
    ...(hearTime ? { hearTime } : {}),
  })

/** What every adapter is given of this machine. */
export const surround = (pace: Pace, { clock, random, version, signal }: CliContext): Surroundings => ({
  pace,
  clock,
  random,
  version,
  signal,
})

/** The value of an environment variable that the workspace names. The value never leaves the adapters. */
export const requireVariable = (
  name: string,
  what: string,
  { variables }: Pick<CliContext, 'variables'>,
): string => {
  const value = variables[name]
  if (value !== undefined && value !== '') return value
  throw new FailureError({
    origin: 'config',
    code: 'config/no-key',
    detail: `The variable ${name} is not set; it must hold ${what}.`,
    hint: `export ${name}=… (for the emulators, \`muster emulate\` prints it)`,
    retryable: false,
  })
}

/**
 * A key of an account. Whoever writes a spec must not decide where keys are sent: a host other than the vendor's own, and
 * other than this machine, has to be named in `MUSTER_ALLOW_HOSTS`, which no pull request can change.
 */
export const requireKeyOf = (
  { baseUrl }: { readonly baseUrl?: string },
  name: string,
  what: string,
  context: Pick<CliContext, 'variables'>,
): string => {
  const host = baseUrl !== undefined && URL.canParse(baseUrl) ? new URL(baseUrl).hostname : undefined
  const allowed = (context.variables.MUSTER_ALLOW_HOSTS ?? '').split(',').map(each => each.trim())
  if (host === undefined || isLoopback(host) || allowed.includes(host))
    return requireVariable(name, what, context)
  throw new FailureError({
    origin: 'config',
    code: 'config/foreign-host',
    detail: `base_url sends what ${name} holds to ${host}, which is neither the vendor's host nor this machine.`,
    hint: `if it is yours, set MUSTER_ALLOW_HOSTS=${host} where muster runs`,
    retryable: false,
  })
}

/** The recorded state for planning: answers while another process syncs, and creates nothing. */
export const composeStateReader = async (
  loaded: LoadedWorkspace,
  context: CliContext,
): Promise<StateReader> => {
  const { store: place } = loaded
  const { clock } = context
  const target = describeAccounts(loaded)
  if (place.kind === 'postgres') {
    const { createPostgresStateReader } = await import('../store/postgres/read-state.ts')
    const url = readDatabaseUrl(place, context)
    return createPostgresStateReader({ url, schema: place.schema, target, clock })
  }
  const { createDuckdbStateReader } = await import('../store/duckdb/store.ts')
  return createDuckdbStateReader({ path: place.path, target, clock })
}

/** What syncs counted. With PostgreSQL whoever holds the store, with DuckDB while nobody does. */
export const composeHistoryReader = async (
  loaded: LoadedWorkspace,
  context: CliContext,
): Promise<HistoryReader> => {
  const { store: place } = loaded
  const { clock } = context
  const target = describeAccounts(loaded)
  if (place.kind === 'postgres') {
    const { createPostgresHistoryReader } = await import('../store/postgres/read-state.ts')
    const url = readDatabaseUrl(place, context)
    return createPostgresHistoryReader({ url, schema: place.schema, target, clock })
  }
  const { createDuckdbHistoryReader } = await import('../store/duckdb/store.ts')
  return createDuckdbHistoryReader({ path: place.path, target, clock })
}
