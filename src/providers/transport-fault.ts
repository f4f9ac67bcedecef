import { errors } from 'undici'
import type { ProviderCode } from './failure-codes.ts'

/** Why no complete answer came. `token` is the system's own word for it, such as `ECONNREFUSED`. */
export interface TransportFault {
  readonly code: ProviderCode
  readonly token?: string
  /** False only when it is certain that the vendor saw nothing of the call. */
  readonly mayHaveArrived: boolean
}

/** Errors of the time before a connection exists. */
const BEFORE_CONNECTION: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'EACCES',
  'EPERM',
  'UND_ERR_CONNECT_TIMEOUT',
])

/** Sorts an error of the transport. `hasHeaders`: the answer had begun. Rethrows what is a bug of ours. */
export const describeTransportError = (error: unknown, hasHeaders: boolean): TransportFault => {
  if (error instanceof errors.InvalidArgumentError || error instanceof TypeError) throw error
  // Only the word is kept. The error itself may hold what was received: undici's parser error does.
  const token = tokenOf(error)
  if (token === undefined)
    return { code: hasHeaders ? 'provider/truncated' : 'provider/network', mayHaveArrived: true }
  return {
    code: codeFor(token, hasHeaders),
    token,
    mayHaveArrived: !BEFORE_CONNECTION.has(token) && !isUntrusted(token),
  }
}

const codeFor = (token: string, hasHeaders: boolean): ProviderCode => {
  if (token === 'UND_ERR_RES_EXCEEDED_MAX_SIZE' || token === 'ERR_BUFFER_TOO_LARGE')
    return 'provider/answer-too-large'
  if (/TIMEOUT|ETIMEDOUT/.test(token)) return 'provider/timeout'
  if (isTls(token)) return 'provider/tls'
  return hasHeaders ? 'provider/truncated' : 'provider/network'
}

const isUntrusted = (token: string): boolean => /CERT|VERIFY/.test(token)

const isTls = (token: string): boolean => isUntrusted(token) || /_TLS_|_SSL_/.test(token)

const tokenOf = (error: unknown): string | undefined => {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,60}$/.test(code) ? code : undefined
}
