import type * as convert from '../../src/providers/moengage/convert.ts'

/** Room for some eighteen members: a handful of people makes several batches. */
export const SMALL_BATCH_BYTES = 700

/** The adapter as it is, but for the size of a batch. For `vi.mock`. */
export const withSmallBatches = (actual: typeof convert): typeof convert => ({
  ...actual,
  sizeCohortCall: call => ({ ...actual.sizeCohortCall(call), budgetBytes: SMALL_BATCH_BYTES }),
})
