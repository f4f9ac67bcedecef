import { type FailureOrigin, fail } from '../model/failure.ts'
import { buildFailure } from './provider-failure.ts'
import { isUsableKey } from './redact.ts'

/** The base URL to use: the vendor's own host over TLS, unless the workspace names another. Never shown in a message. */
export const chooseBaseUrl = (vendorUrl: string, written?: string): URL => {
  if (written === undefined) return new URL(vendorUrl)
  const url = URL.canParse(written) ? new URL(written) : undefined
  const isPlain = url && !url.username && !url.password && !url.search && !url.hash
  if (isPlain && (url.protocol === 'http:' || url.protocol === 'https:')) return url
  return refuseConfig('base_url must be http or https, without user, query or fragment.', 'correct base_url')
}

/** Checks a key before it is first used. Says where it came from, never what it is. */
export const requireKey = (
  key: string,
  { origin, env }: { readonly origin: FailureOrigin; readonly env: string },
): void => {
  if (isUsableKey(key)) return
  const detail =
    key === '' ? `${env} is empty.` : `${env} holds a space, a line break or another character no key has.`
  fail(buildFailure({ origin, code: 'provider/auth', detail, hint: `set ${env} to the key alone` }))
}

/** Refuses a connection that cannot be used as it is written. */
export const refuseConfig = (detail: string, hint: string): never =>
  fail(buildFailure({ origin: 'config', code: 'provider/bad-config', detail, hint }))
