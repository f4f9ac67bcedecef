import type { ShopClock } from '../clock.ts'
import type { IdType, Population } from '../population.ts'
import type { Timers } from '../timers.ts'
import type { Segment, SegmentRegistry } from './segments.ts'

/** One accepted Track call. */
interface MemberChange {
  segment: Segment
  action: 'add' | 'remove'
  idType: IdType
  ids: readonly string[]
}

/** The asynchronous half of the Track API. */
export interface MemberChanges {
  accept(change: MemberChange): void
  /** Lets all accepted calls take effect now, in order; says how many there were. */
  settle(): number
}

/** What the Track API changes. */
interface MemberWorld {
  population: Population
  segments: SegmentRegistry
  clock: ShopClock
  timers: Timers
  trackDelayMs: number
  /** See EmulatorBehaviour. */
  membersMoveUpdatedAt: boolean
}

const takeEffect = ({ segment, action, idType, ids }: MemberChange, world: MemberWorld): void => {
  for (const id of ids) {
    const person = world.population.indexOf(idType, id)
    if (person === undefined) continue
    if (action === 'add') segment.members.add(person)
    else segment.members.delete(person)
  }
  if (world.membersMoveUpdatedAt) world.segments.touch(segment)
}

/** No calls yet. */
export const createMemberChanges = (world: MemberWorld): MemberChanges => {
  const { clock, timers, trackDelayMs } = world
  const pending: MemberChange[] = []
  const applyFirst = (count: number): number => {
    const due = pending.splice(0, count)
    for (const change of due) takeEffect(change, world)
    return due.length
  }
  const settle = (): number => applyFirst(pending.length)
  // Like cohort batches: what was accepted takes effect before the clock moves on.
  clock.onMove({ leaving: settle })
  return {
    settle,
    accept: change => {
      pending.push(change)
      if (trackDelayMs === 0) return void applyFirst(1)
      // It may have been settled early; then its place is -1 and nothing is due.
      timers.after(trackDelayMs, () => applyFirst(pending.indexOf(change) + 1))
    },
  }
}
