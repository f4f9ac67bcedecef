import { createPace, type Pace } from '../engine/pace.ts'
import { FailureError } from '../model/failure.ts'
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
    appKey: requireVariable(customerio.appKeyEnv, 'an App API key of Customer.io', context),
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
    dataKey: requireVariable(moengage.dataKeyEnv, 'the Data API key of MoEngage', context),
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
export const requireVariable = (name: string, what: string, { variables }: CliContext): string => {
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
