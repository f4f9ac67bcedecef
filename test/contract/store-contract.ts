import { describeAgainContract } from './again-contract.ts'
import { describeDeltaContract } from './delta-contract.ts'
import { describeExitRuleContract } from './exit-rule-contract.ts'
import { describeIdentityContract } from './identity-contract.ts'
import { describeLedgerKeyContract } from './ledger-key-contract.ts'
import { describeLedgerPartsContract } from './ledger-parts-contract.ts'
import { describeLockContract } from './lock-contract.ts'
import { describeOpenOutcomeContract } from './open-outcome-contract.ts'
import { describeOverlapContract } from './overlap-contract.ts'
import { describeReentryContract } from './reentry-contract.ts'
import { describeRejectedContract } from './rejected-contract.ts'
import { describeSmallStateContract } from './small-state-contract.ts'
import { describeSpoolContract } from './spool-contract.ts'
import { describeStageContract } from './stage-contract.ts'
import type { StoreUnderTest } from './store-under-test.ts'
import { describeTryOutContract } from './try-out-contract.ts'

/** The promises of the `Store` port, one subject a file: every store runs these. */
export const describeStoreContract = (name: string, create: () => Promise<StoreUnderTest>): void => {
  describeLockContract(name, create)
  describeSmallStateContract(name, create)
  describeTryOutContract(name, create)
  describeSpoolContract(name, create)
  describeDeltaContract(name, create)
  describeExitRuleContract(name, create)
  describeReentryContract(name, create)
  describeIdentityContract(name, create)
  describeStageContract(name, create)
  describeOpenOutcomeContract(name, create)
  describeRejectedContract(name, create)
  describeAgainContract(name, create)
  describeLedgerKeyContract(name, create)
  describeLedgerPartsContract(name, create)
  describeOverlapContract(name, create)
}
