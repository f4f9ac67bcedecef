import type { Instant } from '../model/time.ts'

/** Response headers by lower-case name, as undici gives them. */
export type HeaderBag = Readonly<Record<string, string | string[] | undefined>>

/** Larger numbers are moments in seconds since 1970, smaller ones are seconds left: vendors document both. */
const EPOCH_FROM = 1_000_000_000

/**
 * How long a vendor asked us to wait, in milliseconds, or undefined when it did not say. Moments are measured from the
 * answer's own `Date`: our clock may be wrong, and `--now` moves it on purpose.
 */
export const readAskedWaitMs = (headers: HeaderBag): number | undefined =>
  readRetryAfterMs(headers) ?? readResetMs(headers)

/** What time the vendor had when it answered, or undefined when it did not say. */
export const readAnsweredAt = (headers: HeaderBag): Instant | undefined => {
  const answeredMs = parseHttpDateMs(firstOf(headers.date))
  return answeredMs === undefined ? undefined : new Date(answeredMs).toISOString()
}

const readRetryAfterMs = (headers: HeaderBag): number | undefined => {
  const written = firstOf(headers['retry-after'])
  if (written === undefined) return undefined
  if (/^\d+$/.test(written)) return Number(written) * 1000
  return msSinceAnswer(parseHttpDateMs(written), headers)
}

const readResetMs = (headers: HeaderBag): number | undefined => {
  const written = firstOf(headers['x-ratelimit-reset'])
  if (written === undefined || !/^\d+(\.\d+)?$/.test(written)) return undefined
  const seconds = Number(written)
  return seconds > EPOCH_FROM ? msSinceAnswer(seconds * 1000, headers) : seconds * 1000
}

const msSinceAnswer = (momentMs: number | undefined, headers: HeaderBag): number | undefined => {
  const answeredMs = parseHttpDateMs(firstOf(headers.date))
  if (momentMs === undefined || answeredMs === undefined) return undefined
  return Math.max(0, momentMs - answeredMs)
}

/** Only the form that HTTP prescribes: `Date.parse` alone would read a year into any number. */
const parseHttpDateMs = (written: string | undefined): number | undefined => {
  if (!written || !/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(written))
    return undefined
  const ms = Date.parse(written)
  return Number.isNaN(ms) ? undefined : ms
}

/** The first value of a header, or undefined when it was not sent. */
export const firstOf = (value: string | string[] | undefined): string | undefined =>
  (Array.isArray(value) ? value[0] : value)?.trim()
