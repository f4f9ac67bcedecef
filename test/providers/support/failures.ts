import { type Failure, failureOf } from '../../../src/model/failure.ts'

/** What a call failed with. Fails the test when it did not, or failed with a bug. */
export const failureFrom = async (call: Promise<unknown>): Promise<Failure> => {
  try {
    await call
  } catch (error) {
    const failure = failureOf(error)
    if (failure) return failure
    throw error
  }
  throw new Error('expected a failure, and there was none')
}
