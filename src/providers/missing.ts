import { failureOf } from '../model/failure.ts'

/** The value of a read, or undefined when the vendor said that there is no such object. Other failures stay failures. */
export const orMissing = async <T>(read: Promise<T>): Promise<T | undefined> => {
  try {
    return await read
  } catch (error) {
    if (failureOf(error)?.code === 'provider/not-found') return undefined
    throw error
  }
}
