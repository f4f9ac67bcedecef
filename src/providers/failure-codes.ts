interface CodeFacts {
  /** For the documentation and `muster explain`. */
  readonly means: string
  /** The same call may succeed later, unchanged. */
  readonly isRetryable: boolean
}

/** Every code a vendor's adapter fails with. Closed: a new one belongs here, with its meaning, before its first use. */
export const PROVIDER_CODES = {
  'provider/auth': {
    means: 'The vendor did not accept the key, or the key belongs to another account.',
    isRetryable: false,
  },
  'provider/forbidden': {
    means: 'The key is known but may not do this, or may not do it from this address.',
    isRetryable: false,
  },
  'provider/blocked': {
    means: 'The vendor has suspended or blocked the account: nothing will work until it ends that.',
    isRetryable: false,
  },
  'provider/rate-limit': {
    means: 'Too many calls for the moment, even after waiting as the vendor asked.',
    isRetryable: true,
  },
  'provider/quota': {
    means: 'Too many calls and no time given to wait: a daily allowance is used up.',
    isRetryable: true,
  },
  'provider/segment-limit': {
    means: 'The workspace holds as many active segments as the vendor allows.',
    isRetryable: false,
  },
  'provider/segment-frozen': {
    means: 'This one segment is archived, or of a kind that nobody may change through the API.',
    isRetryable: false,
  },
  'provider/unavailable': { means: 'The vendor answered with an error of its own (5xx).', isRetryable: true },
  'provider/network': { means: 'No connection, or one that broke before an answer came.', isRetryable: true },
  'provider/timeout': { means: 'No answer, or not all of it, in the time allowed.', isRetryable: true },
  'provider/tls': { means: 'The host could not prove who it is.', isRetryable: false },
  'provider/truncated': { means: 'The answer ended before it was complete.', isRetryable: true },
  'provider/not-json': { means: 'The answer is not JSON: a page of a proxy, say.', isRetryable: true },
  'provider/answer-too-large': { means: 'The answer is larger than this program takes.', isRetryable: false },
  'provider/unexpected-status': {
    means: 'A status that this call never has: a redirect, or a page that is not the API.',
    isRetryable: false,
  },
  'provider/unexpected-shape': {
    means: 'The answer lacks a field that it must have, or the field is of another type.',
    isRetryable: false,
  },
  'provider/bad-request': { means: 'The vendor refused the call as malformed.', isRetryable: false },
  'provider/bad-name': {
    means: 'The vendor would refuse this name, or drop it without a word.',
    isRetryable: false,
  },
  'provider/bad-config': { means: 'The connection in workspace.yaml cannot be used.', isRetryable: false },
  'provider/not-found': { means: 'The vendor has no such object.', isRetryable: false },
  'provider/conflict': {
    means: 'The call contradicts something the vendor holds, and it did not say what.',
    isRetryable: false,
  },
  'provider/name-taken': {
    means: 'Another segment has, or once had, this name. Names are never free again.',
    isRetryable: false,
  },
  'provider/same-filters': {
    means: 'Another segment has exactly these filters, and the vendor allows only one.',
    isRetryable: false,
  },
  'provider/too-large': { means: 'The call is larger than the vendor takes.', isRetryable: false },
  'provider/too-complex': {
    means: 'The segment refers to too many others, too deeply, or to itself.',
    isRetryable: false,
  },
  'provider/link-refused': {
    means: 'The link to an export was not accepted, though it was just asked for.',
    isRetryable: true,
  },
  'provider/cancelled': {
    means: 'The run was stopped while this call waited or was under way.',
    isRetryable: false,
  },
} as const satisfies Record<`provider/${string}`, CodeFacts>

export type ProviderCode = keyof typeof PROVIDER_CODES
