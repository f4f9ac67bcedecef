import { type Failure, FailureError } from '../model/failure.ts'

/** How a run ends that a person stopped. Nothing is lost: the next run goes on from what is recorded. */
export const INTERRUPTED: Failure = {
  origin: 'cli',
  code: 'run/interrupted',
  detail: 'Interrupted. What was done so far is recorded.',
  hint: 'run the same command again: it goes on from here',
  retryable: true,
}

/** Stops a command between two calls, with the failure that stopped it where it was not a person. */
export const stopIfAborted = ({ aborted, reason }: AbortSignal): void => {
  if (aborted) throw reason instanceof FailureError ? reason : new FailureError(INTERRUPTED)
}
