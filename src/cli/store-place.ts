import { join } from 'node:path'
import { fail } from '../model/failure.ts'
import type { Environment, Workspace } from '../model/workspace.ts'
import type { CliContext } from './context.ts'

/** Which store a command works on. Where its URL is known it may hold a password: it is never shown. */
export type StorePlace = DuckdbPlace | PostgresPlace

export interface DuckdbPlace {
  readonly kind: 'duckdb'
  /** For people. */
  readonly name: string
  readonly path: string
}

export interface PostgresPlace {
  readonly kind: 'postgres'
  /** For people: never the URL. */
  readonly name: string
  readonly schema: string
  readonly url: { readonly variable: string } | { readonly given: string }
}

/** The store of `--store`, else that of the workspace. No variable is read yet: not every command needs a store. */
export const chooseStore = (
  written: string | undefined,
  workspace: Pick<Workspace, 'store'>,
  { name }: Environment,
): StorePlace => {
  if (written !== undefined) return parseStore(written, name, '--store')
  const { store } = workspace
  if (store.kind === 'postgres') return placePostgres(name, { variable: store.urlEnv })
  return placeDuckdb(store.path, name)
}

/** A store as it is written on a command line: a file, the URL of a database, or the variable that holds one. */
export const parseStore = (written: string, environment: string, option: string): StorePlace => {
  if (/^postgres(?:ql)?:\/\//.test(written)) return placePostgres(environment, { given: written })
  const variable = /^postgres:([A-Z][A-Z0-9_]*)$/.exec(written)?.[1]
  if (variable !== undefined) return placePostgres(environment, { variable })
  const path = /^duckdb:(.+)$/.exec(written)?.[1]
  return path === undefined ? refuseStore(option) : placeDuckdb(path, environment)
}

/** The URL of a database. Whoever is given it keeps it to itself. */
export const readDatabaseUrl = (
  { url }: PostgresPlace,
  { variables }: Pick<CliContext, 'variables'>,
): string => {
  if ('given' in url) return url.given
  const value = variables[url.variable]
  if (value !== undefined && value !== '') return value
  return fail({
    origin: 'config',
    code: 'config/no-database',
    detail: `The variable ${url.variable} is not set; it must hold the URL of the PostgreSQL database.`,
    hint: `export ${url.variable}=postgres://user:password@host:5432/database?sslmode=verify-full`,
    retryable: false,
  })
}

/** Where read people wait on this machine, when the store itself is elsewhere. */
export const spoolFolderOf = ({ variables }: Pick<CliContext, 'variables'>): string =>
  variables.MUSTER_SPOOL_FOLDER || join('.muster', 'spool')

const placeDuckdb = (written: string, environment: string): StorePlace => {
  const path = written.replaceAll('{env}', environment)
  return { kind: 'duckdb', name: path, path }
}

/** PostgreSQL cuts off what is longer. */
const LONGEST_SCHEMA = 63

/** Each environment has a schema of its own, so that one database serves all of them. */
const placePostgres = (environment: string, url: PostgresPlace['url']): StorePlace => {
  const schema = `muster_${environment.replaceAll('-', '_')}`.slice(0, LONGEST_SCHEMA)
  return { kind: 'postgres', name: `postgres:${schema}`, schema, url }
}

const refuseStore = (option: string): never =>
  fail({
    origin: 'config',
    code: 'unsupported/store',
    detail: `"${option}" names neither a DuckDB file nor a PostgreSQL database.`,
    hint: `use ${option} duckdb:.muster/live.duckdb, or ${option} postgres:MUSTER_DATABASE_URL with the name of the variable that holds its URL`,
    retryable: false,
  })
