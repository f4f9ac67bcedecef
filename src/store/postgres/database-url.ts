import { readFile } from 'node:fs/promises'
import type { ConnectionOptions } from 'node:tls'
import { fail } from '../../model/failure.ts'
import { failOnFile } from '../file-failure.ts'

/** Where a database is, and how to get in. Holds a password: never shown, not even a part of it. */
export interface DatabasePlace {
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user: string | undefined
  readonly password: string | undefined
  readonly tls: TlsTerms
}

/** `verify-full` checks the chain and the name, `verify-ca` the chain alone, `require` neither. */
export interface TlsTerms {
  readonly mode: 'disable' | 'require' | 'verify-ca' | 'verify-full'
  /** Files. Without a root the authorities of Node are trusted. */
  readonly rootPath: string | undefined
  readonly certPath: string | undefined
  readonly keyPath: string | undefined
}

const MODES: readonly string[] = [
  'disable',
  'require',
  'verify-ca',
  'verify-full',
] satisfies TlsTerms['mode'][]

/** What a URL may say after its question mark. Whatever else it said would be ignored, and missed. */
const PARAMETERS: readonly string[] = ['host', 'port', 'sslmode', 'sslrootcert', 'sslcert', 'sslkey']

/** Said here, for the client would look for them in the environment: another machine than the one that TLS is decided for. */
const HOST = 'localhost'
const PORT = 5432

/** Reads `postgres://user:password@host:port/database?sslmode=verify-full`. Without a mode, what leaves this machine is verified. */
export const parseDatabaseUrl = (url: string): DatabasePlace => {
  const parsed = URL.canParse(url) ? new URL(url) : refuseUrl('is no URL')
  if (!['postgres:', 'postgresql:'].includes(parsed.protocol)) refuseUrl('is not one of PostgreSQL')
  const parameters = parsed.searchParams
  const unknown = [...parameters.keys()].find(name => !PARAMETERS.includes(name))
  if (unknown !== undefined) refuseUrl('has a parameter that muster does not know')
  const named = textOf(decode(parsed.hostname).replace(/^\[(.*)\]$/, '$1'))
  const host = textOf(parameters.get('host')) ?? named ?? HOST
  const port = textOf(parameters.get('port')) ?? textOf(parsed.port)
  return {
    host,
    port: port === undefined ? PORT : Number(port),
    database: textOf(decode(parsed.pathname.slice(1))) ?? refuseUrl('names no database'),
    user: textOf(decode(parsed.username)),
    password: textOf(decode(parsed.password)),
    tls: {
      mode: modeOf(parameters.get('sslmode'), host),
      rootPath: textOf(parameters.get('sslrootcert')),
      certPath: textOf(parameters.get('sslcert')),
      keyPath: textOf(parameters.get('sslkey')),
    },
  }
}

/** The terms as Node's TLS takes them. False: none. */
export const readTls = async ({ mode, ...paths }: TlsTerms): Promise<ConnectionOptions | false> => {
  if (mode === 'disable') return false
  const [ca, cert, key] = [
    paths.rootPath === 'system' ? undefined : await readPem(paths.rootPath),
    await readPem(paths.certPath),
    await readPem(paths.keyPath),
  ]
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    rejectUnauthorized: mode !== 'require',
    ...(mode === 'verify-ca' ? { checkServerIdentity: () => undefined } : {}),
  }
}

const readPem = async (path: string | undefined): Promise<string | undefined> => {
  if (path === undefined) return undefined
  return readFile(path, 'utf8').catch((error: unknown) => failOnFile(path, error))
}

const modeOf = (written: string | null, host: string): TlsTerms['mode'] => {
  if (written === null) return isThisMachine(host) ? 'disable' : 'verify-full'
  if (!MODES.includes(written)) refuseUrl(`has an sslmode other than ${MODES.join(', ')}`)
  // One of the list above.
  return written as TlsTerms['mode']
}

/** By name, or by the path of a socket. */
const isThisMachine = (host: string): boolean =>
  host.startsWith('/') || /^(?:localhost|127(?:\.\d+){3}|::1)$/.test(host)

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return refuseUrl('has a % that begins nothing')
  }
}

const textOf = (written: string | null): string | undefined =>
  written === null || written === '' ? undefined : written

const refuseUrl = (mistake: string): never =>
  fail({
    origin: 'config',
    code: 'config/database-url',
    detail: `The URL of the database ${mistake}. It is not shown here, for it may hold a password.`,
    hint: 'write postgres://user:password@host:5432/database?sslmode=verify-full',
    retryable: false,
  })
