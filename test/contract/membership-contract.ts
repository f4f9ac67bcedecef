import { describeAgainContract } from './again-contract.ts'
import { describeExitRuleContract } from './exit-rule-contract.ts'
import { describeIdentityContract } from './identity-contract.ts'
import { describeLedgerPartsContract } from './ledger-parts-contract.ts'
import { describeOpenOutcomeContract } from './open-outcome-contract.ts'
import { describeReentryContract } from './reentry-contract.ts'
import { describeRejectedContract } from './rejected-contract.ts'
import { describeStageContract } from './stage-contract.ts'
import type { StoreUnderTest } from './store-under-test.ts'

/** Who belongs to a cohort, told day by day: the second half of the `Store` port's promises. */
export const describeMembershipContract = (name: string, create: () => Promise<StoreUnderTest>): void => {
  describeExitRuleContract(name, create)
  describeReentryContract(name, create)
  describeIdentityContract(name, create)
  describeStageContract(name, create)
  describeOpenOutcomeContract(name, create)
  describeRejectedContract(name, create)
  describeAgainContract(name, create)
  describeLedgerPartsContract(name, create)
}
