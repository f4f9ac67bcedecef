import type { AudienceId } from '../model/audience.ts'
import { type Change, type Plan, pendingChanges } from '../model/plan.ts'

/** What an import records by itself, and what it leaves to a plan that somebody reviews. */
export interface Takeover {
  readonly recorded: readonly Change[]
  readonly left: readonly Change[]
}

/** There is nothing to take over. */
export const NO_TAKEOVER: Takeover = { recorded: [], left: [] }

/**
 * Only what we alone have to remember is recorded: what exists, where taking it over calls nobody. How a segment feeds a
 * cohort is among it for `begun` audiences, whose new files send nobody yet. A file that was there before may say `live`:
 * its first sync is for a reviewer to decide.
 */
export const chooseTakeover = (plan: Pick<Plan, 'changes'>, begun: ReadonlySet<AudienceId>): Takeover => {
  const isOursAlone = ({ action, kind, calls, audience }: Change): boolean =>
    calls.length === 0 &&
    (action === 'adopt' || (action === 'create' && kind === 'binding' && begun.has(audience)))
  const pending = pendingChanges(plan)
  return {
    recorded: pending.filter(isOursAlone),
    left: pending.filter(change => !isOursAlone(change)),
  }
}

/** The part of what is planned now that was shown before, object by object: nothing else was agreed to. */
export const keepShown = ({ recorded }: Takeover, shown: Takeover): readonly Change[] => {
  const known = new Set(shown.recorded.map(nameChange))
  return recorded.filter(change => known.has(nameChange(change)))
}

const nameChange = ({ action, address, remoteId = '' }: Change): string => `${action} ${address} ${remoteId}`
