import type { ShopClock } from '../clock.ts'
import type { EmulatorSettings } from '../options.ts'
import type { Timers } from '../timers.ts'
import { isCohortName } from './names.ts'
import type { CohortSegment, Segments } from './segments.ts'
import type { Users } from './users.ts'
import { isRefusedUid } from './users.ts'

// What the documents leave open about cohorts, and what is done here:
//
// | question                                      | decision                                               |
// | --------------------------------------------- | ------------------------------------------------------ |
// | key: cohort_id or cohort_name                 | cohort_id (behaviour.cohortKey)                        |
// | a new name with a known cohort_id             | the cohort is updated and keeps its old name           |
// | a new cohort_id with a name already taken     | dropped without a word                                 |
// | name of a dashboard, file or archived segment | dropped without a word                                 |
// | an empty add for a new cohort                 | nothing is made (behaviour.emptyMembersCreate)         |
// | a remove for an unknown cohort                | nothing is made                                        |
// | remove of a non-member, second add            | no effect                                              |
// | add to an archived cohort                     | dropped; or revives it (behaviour.archivedAdds)        |
// | more than 1,000 active segments               | a new cohort is dropped without a word                 |
// | order of effects                              | that of acceptance, each processingDelayMs later       |
// | when users are looked up                      | when the batch takes effect                            |
// | prefix of the name, type, source              | none (behaviour.cohortNamePrefix), FILE, Cohort Sync   |

/** One accepted request. */
export interface CohortBatch {
  action: 'add_members' | 'remove_members'
  partner: string
  cohortId: string
  cohortName: string
  uids: readonly string[]
  /** Accepted, and then forgotten: an injected fault. */
  isLost?: boolean
}

/** What became of an accepted batch. */
export interface CohortEffect {
  n: number
  /** The shop's time. */
  at: string
  action: CohortBatch['action']
  cohort_id: string
  cohort_name: string
  outcome: 'created' | 'applied' | 'dropped'
  reason?: string
  sent: number
  /** Of those sent, how many users are known. */
  resolved: number
  refused: number
  unknown: number
  /** How many members it really added or removed. */
  changed: number
  members_after: number
  uids: readonly string[]
}

/** The asynchronous half of Cohort Sync. */
export interface Cohorts {
  accept(batch: CohortBatch): void
  /** Lets all accepted batches take effect now, in order; says how many there were. */
  settle(): number
  countPending(): number
  listEffects(): readonly CohortEffect[]
}

/** What cohorts live in. */
interface CohortWorld {
  segments: Segments
  users: Users
  clock: ShopClock
  timers: Timers
  settings: EmulatorSettings
}

type Target = { cohort: CohortSegment; isNew: boolean } | { reason: string }

const findTarget = (batch: CohortBatch, { segments, settings, clock }: CohortWorld): Target => {
  const { behaviour, limits } = settings
  const name = behaviour.cohortNamePrefix + batch.cohortName
  const byName = segments.findByName(name)
  const known =
    behaviour.cohortKey === 'id'
      ? segments.findCohort(batch.cohortId)
      : byName?.kind === 'cohort'
        ? byName
        : undefined
  if (known !== undefined) return { cohort: known, isNew: false }
  if (batch.action === 'remove_members') return { reason: 'no such cohort' }
  if (batch.uids.length === 0 && !behaviour.emptyMembersCreate) return { reason: 'no members' }
  if (!isCohortName(batch.cohortName)) return { reason: 'name not allowed' }
  if (segments.isNameTaken(name)) return { reason: 'name taken' }
  if (segments.countActive() >= limits.activeSegments) return { reason: 'too many active segments' }
  const made = segments.add(
    {
      kind: 'cohort',
      name,
      type: 'FILE',
      source: 'Cohort Sync',
      isInUse: false,
      cohortId: batch.cohortId,
      partner: batch.partner,
    },
    clock.nowMs(),
  )
  return made.kind === 'cohort' ? { cohort: made, isNew: true } : { reason: 'not a cohort' }
}

const changeMembers = (cohort: CohortSegment, batch: CohortBatch, uids: readonly string[]): number => {
  const before = cohort.members.size
  for (const uid of uids) {
    if (batch.action === 'add_members') cohort.members.add(uid)
    else cohort.members.delete(uid)
  }
  return Math.abs(cohort.members.size - before)
}

const checkUpdatable = (
  cohort: CohortSegment,
  batch: CohortBatch,
  { settings, clock }: CohortWorld,
): string | undefined => {
  if (cohort.members.size > settings.limits.cohortMembers) return 'more members than are updated'
  if (cohort.archivedAtMs === undefined) return undefined
  if (batch.action !== 'add_members' || settings.behaviour.archivedAdds === 'drop') return 'archived'
  cohort.archivedAtMs = undefined
  cohort.lastRunAtMs = clock.nowMs()
  return undefined
}

const takeEffect = (batch: CohortBatch, n: number, world: CohortWorld): CohortEffect => {
  const refused = batch.uids.filter(isRefusedUid).length
  const known = batch.uids.filter(uid => world.users.isKnown(uid))
  const counts = {
    sent: batch.uids.length,
    resolved: known.length,
    refused,
    unknown: batch.uids.length - known.length - refused,
  }
  const told = {
    n,
    at: new Date(world.clock.nowMs()).toISOString(),
    action: batch.action,
    cohort_id: batch.cohortId,
    cohort_name: batch.cohortName,
    ...counts,
    uids: batch.uids,
  }
  const target = batch.isLost === true ? { reason: 'fault' } : findTarget(batch, world)
  if ('reason' in target) {
    return { ...told, outcome: 'dropped', reason: target.reason, changed: 0, members_after: 0 }
  }
  const { cohort, isNew } = target
  const reason = checkUpdatable(cohort, batch, world)
  if (reason !== undefined) {
    return { ...told, outcome: 'dropped', reason, changed: 0, members_after: cohort.members.size }
  }
  const changed = changeMembers(cohort, batch, known)
  cohort.updatedAtMs = world.clock.nowMs()
  return { ...told, outcome: isNew ? 'created' : 'applied', changed, members_after: cohort.members.size }
}

/** No batches yet. */
export const createCohorts = (world: CohortWorld): Cohorts => {
  const { timers, settings } = world
  const pending: CohortBatch[] = []
  const effects: CohortEffect[] = []
  const applyFirst = (count: number): void => {
    for (const batch of pending.splice(0, count)) effects.push(takeEffect(batch, effects.length + 1, world))
  }
  return {
    accept: batch => {
      pending.push(batch)
      if (settings.processingDelayMs === 0) return applyFirst(1)
      // The batch may have been settled early; then its place is -1 and nothing is due.
      timers.after(settings.processingDelayMs, () => applyFirst(pending.indexOf(batch) + 1))
    },
    settle: () => {
      const count = pending.length
      applyFirst(count)
      return count
    },
    countPending: () => pending.length,
    listEffects: () => effects,
  }
}
