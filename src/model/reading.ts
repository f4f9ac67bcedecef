/**
 * What came of trying to read something. A value that was read may be empty, and a place that was read may hold
 * nothing: neither is ever the same as a read that failed, or one that nobody tried.
 */
export type Reading<T> =
  | { readonly kind: 'read'; readonly value: T }
  /** The vendor was asked and did not answer with it; `code` is the failure's, for example `provider/unavailable`. */
  | { readonly kind: 'failed'; readonly code: string }
  /** Nobody asked: a plan made offline. */
  | { readonly kind: 'not-tried' }

/** The reading of a value that was read. */
export const readingOf = <T>(value: T): Reading<T> => ({ kind: 'read', value })

/** What was read, or undefined when it is not known. Never use it where an absent value means something too. */
export const valueRead = <T>(reading: Reading<T>): T | undefined =>
  reading.kind === 'read' ? reading.value : undefined
