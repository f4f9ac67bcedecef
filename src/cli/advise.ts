import type { Diagnostic } from '../model/diagnostic.ts'
import type { RecordedState } from '../model/recorded.ts'
import type { SharedPeople } from '../model/report.ts'
import type { Instant } from '../model/time.ts'
import { gatherFacts } from '../plan/gather-facts.ts'
import { FACT_POLICIES } from '../policy/policies.ts'
import { applyPolicies } from '../policy/policy.ts'
import type { LoadedWorkspace } from './workspace.ts'

export interface AdviceInput {
  readonly recorded: RecordedState
  readonly now: Instant
  /** Absent: nobody compared the ledgers. */
  readonly shared?: readonly SharedPeople[]
  /** Limits the advice to these audiences. Absent: all. */
  readonly only?: ReadonlySet<string>
}

/** What the rules say that only a store can answer. Without places: they speak of what happened, not of a line. */
export const adviseOnStore = (
  { workspace, specs }: Pick<LoadedWorkspace, 'workspace' | 'specs'>,
  { recorded, now, shared, only }: AdviceInput,
): readonly Diagnostic[] => {
  const audiences = specs.audiences.filter(({ id }) => only === undefined || only.has(id))
  const facts = { ...gatherFacts(audiences, recorded), ...(shared ? { shared } : {}) }
  return applyPolicies(FACT_POLICIES, { workspace, audiences, now, facts }, () => undefined)
}
