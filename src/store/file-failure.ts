import { fail } from '../model/failure.ts'

/** Turns an error of the file system into a failure: one of the files beside the store is out of reach. */
export const failOnFile = (path: string, error: unknown): never => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'an error'
  return fail({
    origin: 'store',
    code: 'store/failed',
    detail: `"${path}" could not be read or written (${code}).`,
    hint: 'check the free space and the permissions of its folder, then run the same command again',
    retryable: true,
  })
}
