import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import { invariant } from '../model/invariant.ts'

/** SHA-256 over RFC 8785 canonical JSON, as `sha256:<hex>`. The order of keys does not matter, that of lists does. */
export const digestOf = (value: unknown): string => {
  const canonical = canonicalize(value)
  invariant(canonical !== undefined, 'only JSON values have a digest')
  return `sha256:${createHash('sha256').update(canonical).digest('hex')}`
}
