import { FailureError } from '../model/failure.ts'

/** The number of an option that must be a whole one between two others. */
export const readNumber = (written: unknown, option: string, lowest: number, highest: number): number => {
  const value = typeof written === 'string' && /^\d+$/.test(written) ? Number(written) : Number.NaN
  if (value >= lowest && value <= highest) return value
  throw new FailureError({
    origin: 'cli',
    code: 'cli/bad-number',
    detail: `${option} must be a whole number from ${lowest} to ${highest}.`,
    hint: `give ${option} such a number, or leave it out`,
    retryable: false,
  })
}
