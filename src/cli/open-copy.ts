import type { CopyTarget, PartReader, StoreFacts } from '../store/copy/parts.ts'
import type { CliContext } from './context.ts'
import { describeAccounts } from './make-plan.ts'
import { readStoreMemory } from './store-memory.ts'
import { readDatabaseUrl, type StorePlace } from './store-place.ts'
import type { LoadedWorkspace } from './workspace.ts'

/** A store as a whole: where it is, and what this run is called in its lock. */
export interface CopyPlace {
  readonly loaded: LoadedWorkspace
  readonly place: StorePlace
  readonly command: string
}

/** A store to copy from. Nobody writes to it before it is closed. */
export const openCopySource = async (from: CopyPlace, context: CliContext): Promise<PartReader> => {
  const { place } = from
  if (place.kind === 'postgres') {
    const { openPostgresSource } = await import('../store/postgres/portable.ts')
    return openPostgresSource({
      ...termsOf(from, context),
      url: readDatabaseUrl(place, context),
      schema: place.schema,
    })
  }
  const { openDuckdbSource } = await import('../store/duckdb/portable.ts')
  return openDuckdbSource({ ...termsOf(from, context), ...memoryOf(context), path: place.path })
}

/** A place that is empty, or has an unfinished copy of the same store. */
export const openCopyTarget = async (
  to: CopyPlace,
  facts: StoreFacts,
  context: CliContext,
): Promise<CopyTarget> => {
  const { place } = to
  if (place.kind === 'postgres') {
    const { openPostgresTarget } = await import('../store/postgres/portable.ts')
    const url = readDatabaseUrl(place, context)
    return openPostgresTarget({ ...termsOf(to, context), url, schema: place.schema }, facts)
  }
  const { openDuckdbTarget } = await import('../store/duckdb/portable.ts')
  return openDuckdbTarget({ ...termsOf(to, context), ...memoryOf(context), path: place.path }, facts)
}

const termsOf = ({ loaded, command }: CopyPlace, { clock, createId, holder }: CliContext) => ({
  target: describeAccounts(loaded),
  clock,
  createId,
  holder: { ...holder, command, runId: createId() },
})

const memoryOf = ({ variables }: CliContext) => readStoreMemory(variables.MUSTER_STORE_MEMORY)
