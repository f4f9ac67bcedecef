import type { Audience } from '../model/audience.ts'
import type { Diagnostic } from '../model/diagnostic.ts'
import type { RecordedState } from '../model/recorded.ts'
import { bindingAddress } from '../plan/address.ts'
import { describeBinding, MEMBERSHIP_ATTRIBUTES } from '../plan/describe.ts'
import type { Run } from './run.ts'

/** A spec that decides otherwise about members than what was applied is not synced: nobody has reviewed it. */
export const findUnapplied = (run: Run, audience: Audience, state: RecordedState): Diagnostic | undefined => {
  const address = bindingAddress(audience.id)
  const desired = describeBinding(run.workspace, audience)
  const recorded = state.objects.get(address)
  const differing = MEMBERSHIP_ATTRIBUTES.filter(
    attribute => JSON.stringify(desired[attribute]) !== JSON.stringify(recorded?.attributes[attribute]),
  )
  if (recorded && differing.length === 0) return undefined
  return {
    code: 'sync/not-applied',
    severity: 'error',
    summary: 'The spec was not applied',
    detail: recorded
      ? `${audience.id}: ${differing.join(', ')} differ${differing.length === 1 ? 's' : ''} from what was applied.`
      : `${audience.id}: it was never applied in this environment.`,
    hint: 'muster plan, then muster apply',
  }
}
