import { type Failure, FailureError } from '../../model/failure.ts'

/** The lines of this house for a store that cannot be reached. */
const UNREACHABLE: Pick<Failure, 'origin' | 'code' | 'hint' | 'retryable'> = {
  origin: 'store',
  code: 'store/unreachable',
  hint: 'check that the server runs and can be reached from here, then run the same command again',
  retryable: true,
}

/** Of the network, before or while somebody listened. */
const NETWORK = ['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ENOENT', 'EPIPE', 'ETIMEDOUT']
const NETWORK_ELSE = ['EHOSTUNREACH', 'ENETUNREACH', 'ECONNABORTED', 'EHOSTDOWN']

/** What the client says, without a code, of a connection that is gone. */
const GONE =
  /connection terminated|connection ended|not queryable|connection timeout|timeout expired|client was closed/i

/** SQLSTATEs of a server that comes or goes, and of a standby, which a failover may have led to. */
const COMES_AND_GOES = /^08|^57P0[1-5]$/
const READ_ONLY = '25006'

/** Turns what a driver threw into a failure. The server's own sentence may quote a row, and so a person: only its code is told. */
export const serverFailure = (error: unknown): FailureError =>
  error instanceof FailureError ? error : new FailureError(describe(codeOf(error), messageOf(error)))

/** True of an error after which there is no session any more. */
export const isConnectionLost = (error: unknown): boolean =>
  serverFailure(error).failure.code === 'store/unreachable'

const describe = (code: string, message: string): Failure => {
  if (NETWORK.includes(code) || NETWORK_ELSE.includes(code) || COMES_AND_GOES.test(code))
    return { ...UNREACHABLE, detail: `The database cannot be reached (${code}).` }
  if (GONE.test(message)) return { ...UNREACHABLE, detail: 'The connection to the database was lost.' }
  if (code === READ_ONLY)
    return { ...UNREACHABLE, detail: 'The database only lets itself be read: this is a standby.' }
  return describeRefusal(code)
}

const describeRefusal = (code: string): Failure => {
  if (/^28/.test(code))
    return {
      origin: 'store',
      code: 'store/auth',
      detail: `The database lets nobody in under this name (${code}).`,
      hint: 'check the user and the password of its URL, and what the server allows from here',
      retryable: false,
    }
  if (code === '3D000' || isOfCertificate(code))
    return {
      origin: 'store',
      code: 'store/unreadable',
      detail:
        code === '3D000'
          ? `The server has no database of this name (${code}).`
          : `The server’s certificate was not accepted (${code}).`,
      hint:
        code === '3D000'
          ? 'make it with createdb, or correct the URL'
          : 'name the certificate of its authority with sslrootcert in the URL',
      retryable: false,
    }
  if (code === '42501')
    return {
      origin: 'store',
      code: 'store/forbidden',
      detail: `The role of this URL may not do that (${code}).`,
      hint: 'let a role that owns the schema bring it up to date, and grant this one what docs/postgres.md lists',
      retryable: false,
    }
  return {
    origin: 'store',
    code: 'store/failed',
    detail: `The store could not be read or written (${code === '' ? 'an error' : code}).`,
    hint: 'check the free space and the log of the server, then run the same command again',
    retryable: true,
  }
}

const isOfCertificate = (code: string): boolean => /CERT|SELF_SIGNED|ERR_TLS|ERR_SSL/.test(code)

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : '')
