import { alertKey, type RecordedAlert } from '../../src/model/alert.ts'
import type { AudienceId } from '../../src/model/audience.ts'
import type { SyncCount } from '../../src/model/history.ts'
import { unreachable } from '../../src/model/invariant.ts'
import type { Direction } from '../../src/model/membership.ts'
import type { Address } from '../../src/model/plan.ts'
import type { QaEvidence, RecordedAllowance, RecordedObject, Tombstone } from '../../src/model/recorded.ts'
import type { JournalEntry, RunRecord, StoreWrite } from '../../src/model/store-write.ts'
import type { Instant } from '../../src/model/time.ts'
import { type MemoryDelta, openDeltaOf } from './memory-delta.ts'
import { laterOf, MemoryLedger, pairKey, putIn, refuseCall, type Undo } from './memory-ledger.ts'
import type { LeftSpool } from './memory-spool.ts'

/** Everything that a memory store remembers for whoever opens it next. */
export interface MemoryWorld {
  readonly objects: Map<Address, RecordedObject>
  readonly tombstones: Map<string, Tombstone>
  readonly ledgers: Map<string, MemoryLedger>
  readonly spools: Map<AudienceId, LeftSpool>
  readonly evidence: Map<AudienceId, QaEvidence>
  readonly allowances: Map<string, RecordedAllowance>
  readonly journal: JournalEntry[]
  readonly runs: RunRecord[]
  readonly counts: Map<string, SyncCount>
  readonly alerts: Map<string, RecordedAlert>
}

type WriteOf<Kind extends StoreWrite['kind']> = Extract<StoreWrite, { readonly kind: Kind }>
type Deltas = ReadonlyMap<AudienceId, MemoryDelta>

/** The ledger under a key, made when nothing was ever written there. */
export const ledgerOf = ({ ledgers }: MemoryWorld, key: string): MemoryLedger => {
  const ledger = ledgers.get(key) ?? new MemoryLedger()
  ledgers.set(key, ledger)
  return ledger
}

/** Does one step of a transaction. What it pushes onto `undo` takes it back. */
export const applyWrite = (world: MemoryWorld, write: StoreWrite, deltas: Deltas, undo: Undo[]): void => {
  switch (write.kind) {
    case 'journal':
      undo.push(pushOn(world.journal, write.entry))
      return
    case 'run':
      undo.push(putRun(world.runs, write.run))
      return
    case 'object':
      undo.push(putIn(world.objects, write.object.address, write.object))
      return
    case 'drop-object':
      undo.push(putIn(world.objects, write.address, undefined))
      return
    case 'tombstone':
      undo.push(putIn(world.tombstones, write.tombstone.name, write.tombstone))
      return
    case 'drop-tombstone':
      undo.push(putIn(world.tombstones, write.name, undefined))
      return
    case 'move-ledger':
      undo.push(...moveLedger(world, write))
      return
    case 'drop-ledger':
      undo.push(putIn(world.ledgers, write.audience, undefined))
      return
    case 'copy-barred':
      undo.push(...copyBarred(ledgerOf(world, write.from), ledgerOf(world, write.to)))
      return
    case 'carry-times':
      undo.push(...carryTimes(ledgerOf(world, write.from), ledgerOf(world, write.to)))
      return
    case 'member':
      undo.push(...takeMember(ledgerOf(world, write.audience), write))
      return
    case 'unsettled':
      undo.push(attempt(ledgerOf(world, write.audience), write.identifier, write))
      return
    case 'doubt-all': {
      const ledger = ledgerOf(world, write.audience)
      for (const identifier of ledger.identifiers()) undo.push(ledger.open(identifier, DOUBT))
      return
    }
    case 'synced':
      undo.push(putIn(ledgerOf(world, write.audience).marks, 'synced', write.at))
      return
    case 'unsettled-batch': {
      const ledger = ledgerOf(world, write.audience)
      const direction = write.list === 'remove' ? 'remove' : 'add'
      for (const identifier of openDeltaOf(deltas, write.audience).range(write))
        undo.push(attempt(ledger, identifier, { is: write.is, at: write.at, direction }))
      return
    }
    case 'batch':
      undo.push(
        ...openDeltaOf(deltas, write.audience).accept(ledgerOf(world, write.audience), write, write.at),
      )
      return
    case 'rejected': {
      const { rejections } = ledgerOf(world, write.audience)
      undo.push(putIn(rejections, write.identifier, laterOf(write.at, rejections.get(write.identifier))))
      return
    }
    case 'assertion':
      undo.push(markAssertion(ledgerOf(world, write.audience), write))
      return
    case 'evidence':
      undo.push(putIn(world.evidence, write.evidence.audience, write.evidence))
      return
    case 'allowance': {
      const { audience, guard } = write.allowance
      undo.push(putIn(world.allowances, `${audience}:${guard}`, write.allowance))
      return
    }
    case 'drop-allowances':
      for (const [key, { audience }] of [...world.allowances])
        if (audience === write.audience) undo.push(putIn(world.allowances, key, undefined))
      return
    case 'count': {
      const key = `${write.count.runId}:${write.count.audience}`
      undo.push(putIn(world.counts, key, undefined), putIn(world.counts, key, write.count))
      return
    }
    case 'alert':
      undo.push(putIn(world.alerts, alertKey(write.alert), write.alert))
      return
    case 'drop-alert':
      undo.push(putIn(world.alerts, write.key, undefined))
      return
    default:
      unreachable(write)
  }
}

const pushOn = <T>(list: T[], value: T): Undo => {
  list.push(value)
  return () => void list.pop()
}

const putRun = (runs: RunRecord[], run: RunRecord): Undo => {
  const index = runs.findIndex(({ runId }) => runId === run.runId)
  const before = runs[index]
  if (!before) return pushOn(runs, run)
  runs[index] = run
  return () => {
    runs[index] = before
  }
}

const moveLedger = (world: MemoryWorld, { from, to }: WriteOf<'move-ledger'>): readonly Undo[] => {
  const there = world.ledgers.get(to)
  if (there && !there.isEmpty) refuseCall(`the ledger of ${to} is not empty`)
  const ledger = world.ledgers.get(from)
  return [putIn(world.ledgers, from, undefined), putIn(world.ledgers, to, ledger)]
}

const copyBarred = (from: MemoryLedger, to: MemoryLedger): readonly Undo[] => [
  ...copyLater(from.departures, to.departures),
  ...copyLater(from.rejections, to.rejections),
]

const copyLater = (from: ReadonlyMap<string, Instant>, to: Map<string, Instant>): readonly Undo[] =>
  [...from].map(([name, at]) => putIn(to, name, laterOf(at, to.get(name))))

const carryTimes = (from: MemoryLedger, to: MemoryLedger): readonly Undo[] =>
  [...to.pairs.values()].flatMap(pair => {
    const enteredAt = from.enteredAt(pair.person)
    if (enteredAt === undefined) return []
    const [first = enteredAt] = [enteredAt, pair.enteredAt].sort()
    const leavingSince = from.leavingSince(pair.person) ?? pair.leavingSince
    return [
      to.put({
        ...pair,
        enteredAt: first,
        ...(leavingSince === undefined ? {} : { leavingSince }),
      }),
    ]
  })

/** Whoever is accepted is in the source; whoever had another identifier has been in the cohort since then. */
const takeMember = (ledger: MemoryLedger, { member, at }: WriteOf<'member'>): readonly Undo[] => {
  const { person, identifier } = member
  const key = pairKey(member)
  const enteredAt = ledger.pairs.get(key)?.enteredAt ?? ledger.enteredAt(person) ?? at
  return [ledger.put({ person, identifier, key, enteredAt }), ledger.settle(identifier)]
}

/** Doubt is no call on its way: it holds nothing back, so it is as old as can be. */
const DOUBT = { direction: 'add', at: '1970-01-01T00:00:00.000Z' } as const

const attempt = (
  ledger: MemoryLedger,
  identifier: string,
  { is, direction, at }: Pick<WriteOf<'unsettled'>, 'is' | 'direction' | 'at'> & { direction: Direction },
): Undo =>
  is === 'open' ? ledger.open(identifier, { direction, at }) : ledger.withdraw(identifier, { direction, at })

const markAssertion = ({ assertions }: MemoryLedger, { is, at, reason }: WriteOf<'assertion'>): Undo => {
  const { completedAt } = assertions.get('latest') ?? {}
  const before = completedAt === undefined ? {} : { completedAt }
  const after = is === 'begun' ? { ...before, startedAt: at, reason } : { completedAt: at, reason }
  return putIn(assertions, 'latest', after)
}
