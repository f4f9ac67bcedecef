import { parseDatabaseUrl } from './database-url.ts'
import type { Driver } from './driver.ts'
import type { SchemaPlace } from './open.ts'
import { connectPg } from './pg-driver.ts'

/** Which store, as it was asked for. */
export interface PlaceOptions {
  /** Holds a password: never shown. */
  readonly url: string
  /** `muster` unless another is asked for. */
  readonly schema?: string
  /** Which accounts the store belongs to, in words. A store that belongs to others is refused. */
  readonly target: string
}

const SCHEMA = 'muster'

/** How to get there, and what it is called on the way. */
export const toSession = ({
  url,
  schema = SCHEMA,
  target,
}: PlaceOptions): SchemaPlace & { readonly connect: () => Promise<Driver> } => {
  const place = parseDatabaseUrl(url)
  return { name: `${place.database}.${schema}`, schema, target, connect: () => connectPg(place) }
}
