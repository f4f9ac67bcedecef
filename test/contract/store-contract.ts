import { describeDeltaContract } from './delta-contract.ts'
import { describeHistoryContract } from './history-contract.ts'
import { describeLedgerKeyContract } from './ledger-key-contract.ts'
import { describeLockContract } from './lock-contract.ts'
import { describeOverlapContract } from './overlap-contract.ts'
import { describeSmallStateContract } from './small-state-contract.ts'
import { describeSpoolContract } from './spool-contract.ts'
import type { StoreUnderTest } from './store-under-test.ts'
import { describeTryOutContract } from './try-out-contract.ts'

/** What every store keeps, one subject a file. Who belongs to a cohort is `describeMembershipContract`. */
export const describeStoreContract = (name: string, create: () => Promise<StoreUnderTest>): void => {
  describeLockContract(name, create)
  describeSmallStateContract(name, create)
  describeTryOutContract(name, create)
  describeHistoryContract(name, create)
  describeSpoolContract(name, create)
  describeDeltaContract(name, create)
  describeLedgerKeyContract(name, create)
  describeOverlapContract(name, create)
}
