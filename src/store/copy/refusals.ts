import { fail } from '../../model/failure.ts'

/** There is nothing to copy. */
export const refuseMissing = (name: string): never =>
  fail({
    origin: 'store',
    code: 'state/no-store',
    detail: `There is no store at "${name}".`,
    hint: 'check the name and the environment; muster state list shows what a store holds',
    retryable: false,
  })

/** A copy never goes over anything else. */
export const refuseTaken = (name: string): never =>
  fail({
    origin: 'store',
    code: 'state/target-in-use',
    detail: `"${name}" holds something else than an unfinished copy of this store. Nothing was written to it.`,
    hint: 'choose a place that is empty, or empty this one yourself',
    retryable: false,
  })
