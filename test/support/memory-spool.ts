import type { AudienceId } from '../../src/model/audience.ts'
import { DAY_MS, type Instant } from '../../src/model/time.ts'
import type { Delta, Spool, SpooledPerson } from '../../src/ports.ts'
import { gatherAppended, MemoryDelta } from './memory-delta.ts'
import { refuseCall, type Undo } from './memory-ledger.ts'
import { ledgerOf, type MemoryWorld } from './memory-writes.ts'

/** What lies on disk of a spool that nobody ended: everyone who was appended up to the last note. */
export interface LeftSpool {
  readonly resumeKey: string
  readonly people: readonly SpooledPerson[]
  readonly note: string
  readonly at: Instant
}

/** Whose spool it is, and what of the store it may use. */
interface SpoolTerms {
  readonly world: MemoryWorld
  readonly audience: AudienceId
  readonly resumeKey: string | undefined
  /** The deltas that are open: `batch` writes speak of them. */
  readonly deltas: Map<AudienceId, MemoryDelta>
  readonly transact: (work: (undo: Undo[]) => void) => void
  /** Throws once the process was killed. */
  readonly alive: () => void
  readonly now: () => Instant
}

/** Begins a spool, or goes on with the one that was left under the same key a day ago at most. */
export const openMemorySpool = (terms: SpoolTerms): Spool => {
  const { world, audience, resumeKey, alive } = terms
  const { spools } = world
  const found = spools.get(audience)
  const left = found && isResumable(found, terms) ? found : undefined
  if (!left) spools.delete(audience)
  const people: SpooledPerson[] = [...(left?.people ?? [])]
  const recordedKeys = new Set<string>()
  return {
    ...(left ? { resumed: left.note } : {}),
    append: async (appended, note) => {
      alive()
      for (const each of appended) {
        if (each.person === '' || /\p{Cc}/u.test(`${each.person}${each.identifier ?? ''}`))
          refuseCall('a person cannot be spooled')
        people.push(each)
      }
      if (note === undefined || resumeKey === undefined) return
      spools.set(audience, { resumeKey, people: [...people], note, at: terms.now() })
    },
    appendRecorded: async key => void recordedKeys.add(key),
    computeDelta: async ({ rules, again = false } = {}) => {
      alive()
      spools.delete(audience)
      const recorded = [...recordedKeys].flatMap(key => world.ledgers.get(key) ?? [])
      const delta = new MemoryDelta({
        audience,
        ledger: ledgerOf(world, audience),
        appended: gatherAppended(people, recorded),
        rules,
        again,
      })
      terms.deltas.set(audience, delta)
      return showDelta(terms, delta)
    },
    // What has a note lies there already.
    keep: async () => undefined,
    discard: async () => void spools.delete(audience),
  }
}

const isResumable = ({ resumeKey, at }: LeftSpool, terms: SpoolTerms): boolean =>
  resumeKey === terms.resumeKey && Date.parse(terms.now()) - Date.parse(at) <= DAY_MS

const showDelta = ({ world, audience, deltas, transact }: SpoolTerms, delta: MemoryDelta): Delta => ({
  counts: delta.counts,
  people: delta.people,
  readRows: async (list, after, limit) => delta.rows(list, after, limit),
  sample: async (list, limit) => delta.sample(list, limit),
  noteLeavers: async ({ at, isComplete }) =>
    transact(undo => undo.push(...delta.noteLeavers(ledgerOf(world, audience), at, isComplete))),
  carryOver: async at => transact(undo => undo.push(...delta.carryOver(ledgerOf(world, audience), at))),
  close: async () => void deltas.delete(audience),
})
