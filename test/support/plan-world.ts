import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { loadSpecs } from '../../src/cli/specs.ts'
import { type Audience, type AudienceId, sendableName } from '../../src/model/audience.ts'
import { type Address, audienceOfKey, type ObjectKind } from '../../src/model/plan.ts'
import { type Reading, readingOf } from '../../src/model/reading.ts'
import {
  EMPTY_STATE,
  type QaEvidence,
  type RecordedAllowance,
  type RecordedObject,
  type RecordedState,
  type Tombstone,
} from '../../src/model/recorded.ts'
import { NOT_OBSERVED, type Observed } from '../../src/plan/observed.ts'
import { assumeApplied } from '../../src/plan/offline.ts'
import type { PlanInput } from '../../src/plan/plan-changes.ts'
import type { DestinationSegment, ObservedSendable, SourceSegment } from '../../src/ports.ts'
import type { SpecValidators } from '../../src/spec/schema-validator.ts'
import { applied, faithful, NOW, remoteIdOf, withHints } from './planning.ts'

/**
 * A world as a case tells it. What is not said is as it should be: everything in `applied` was applied and is shown
 * as it was recorded, and every segment of Customer.io that a file names is there under that name.
 */
interface WrittenWorld {
  readonly now?: string
  readonly only?: readonly AudienceId[]
  readonly offline?: boolean
  /** With `offline`: folder of the specs to compare with. */
  readonly base?: string
  /** Folder of the specs that were applied. Absent: the store is new. */
  readonly applied?: string
  /** Ledger size by key. */
  readonly members?: Readonly<Record<string, number>>
  /** Audiences that were never synced to their end. */
  readonly unsynced?: readonly AudienceId[]
  /** QA runs that are recorded, by audience. */
  readonly evidence?: Readonly<Record<string, Omit<QaEvidence, 'audience' | 'runId'>>>
  /** Guards that were let pass in syncs. */
  readonly allowances?: readonly Omit<RecordedAllowance, 'runId'>[]
  /** Where the record is not what applying would have left. */
  readonly objects?: Readonly<Record<string, WrittenObject | 'gone'>>
  readonly tombstones?: readonly WrittenTombstone[]
  readonly customerio?: {
    readonly failed?: string
    /** By id, over what is declared or recorded. */
    readonly segments?: Readonly<Record<string, WrittenSegment | 'gone'>>
  }
  readonly moengage?: {
    readonly failed?: string
    /** Segments of other people. `include` and `exclude`: addresses of ours, or other ids. */
    readonly others?: readonly WrittenOther[]
    /** This many more segments of other people. */
    readonly crowd?: number
    /** Addresses that are not listed. */
    readonly unlisted?: readonly string[]
    readonly sendables?: Readonly<Record<string, WrittenSendable | string>>
  }
}

interface WrittenObject {
  readonly attributes?: Readonly<Record<string, string | number | boolean | readonly string[]>>
  /** Attributes that the record does not say. */
  readonly without?: readonly string[]
  readonly status?: 'pending' | 'seen'
  /** `none`: the vendor gave none so far. */
  readonly remote_id?: string
  readonly recorded_at?: string
  readonly origin?: 'created' | 'adopted'
  readonly carries_from?: string
  readonly hints?: Readonly<Record<string, string>>
}

interface WrittenTombstone {
  readonly name: string
  readonly address: Address
  readonly reason: Tombstone['reason']
  readonly cohort_id?: string
}

interface WrittenSegment {
  readonly name?: string
  readonly type?: 'dynamic' | 'manual'
  readonly finished?: boolean
  readonly edited?: string
}

interface WrittenSendable {
  readonly name?: string
  readonly include?: string
  readonly exclude?: readonly string[]
}

interface WrittenOther extends WrittenSendable {
  readonly id: string
  readonly name: string
}

/** The part of a plan's input that is not in the specs. */
export type PlannedWorld = Pick<PlanInput, 'recorded' | 'observed' | 'now' | 'offline' | 'only'>

/** Reads `world.yaml` of the folder one is in. */
export const loadWorld = (audiences: readonly Audience[], validators: SpecValidators): PlannedWorld => {
  const world = (parse(readFileSync('world.yaml', 'utf8')) ?? {}) as WrittenWorld
  const now = world.now ?? NOW
  const only = world.only ? { only: new Set(world.only) } : {}
  if (world.offline) {
    return { ...readBase(world.base, validators, now), observed: NOT_OBSERVED, now, ...only }
  }
  const before = world.applied === undefined ? undefined : loadSpecs(world.applied, validators)
  const clean = before?.workspace
    ? applied(before.audiences, { workspace: before.workspace, members: world.members ?? {} })
    : EMPTY_STATE
  const everyone = [...(before?.audiences ?? []), ...audiences]
  const unsynced = world.unsynced ?? []
  const recorded = {
    ...changeObjects(clean, world.objects),
    tombstones: readTombstones(world.tombstones),
    synced: new Map([...clean.synced].filter(([id]) => !unsynced.includes(id))),
    evidence: new Map(
      Object.entries(world.evidence ?? {}).map(([audience, each]) => [
        audience,
        { audience, runId: 'r1', ...each },
      ]),
    ),
    allowances: new Map(
      (world.allowances ?? []).map(each => [`${each.audience}:${each.guard}`, { runId: 'r1', ...each }]),
    ),
  }
  const asRecorded = withHints(recorded, faithful(recorded, everyone))
  return {
    recorded: changeHints(asRecorded, world.objects),
    observed: changeView(faithful(recorded, everyone), world),
    now,
    ...only,
  }
}

const readBase = (
  base: string | undefined,
  validators: SpecValidators,
  now: string,
): Pick<PlannedWorld, 'recorded' | 'offline'> => {
  if (base === undefined) return { recorded: EMPTY_STATE, offline: 'nothing' }
  const { workspace, audiences } = loadSpecs(base, validators)
  if (!workspace) throw new Error(`${base} is no folder of specs`)
  return { recorded: assumeApplied(workspace, audiences, now), offline: 'base' }
}

const changeObjects = (state: RecordedState, changes: WrittenWorld['objects'] = {}): RecordedState => {
  const objects = new Map(state.objects)
  for (const [written, change] of Object.entries(changes)) {
    // Addresses in a world are written as they are in a plan.
    const address = written as Address
    if (change === 'gone') objects.delete(address)
    else objects.set(address, changeObject(objects.get(address) ?? aRecord(address), change))
  }
  return { ...state, storeId: 'store-1', head: 7, objects }
}

const aRecord = (address: Address): RecordedObject => {
  const audience = address.slice(address.indexOf('.') + 1)
  return {
    address,
    kind: address.slice(0, address.indexOf('.')) as ObjectKind,
    audience,
    attributes: { cohort_id: `acme-${audienceOfKey(audience)}-g1` },
    status: 'seen',
    recordedAt: '2026-11-20T10:00:00.000Z',
    origin: 'created',
    remoteId: remoteIdOf(address),
  }
}

const changeObject = (object: RecordedObject, change: WrittenObject): RecordedObject => {
  const { remoteId: own, ...rest } = object
  const remoteId = change.remote_id ?? own
  return {
    ...rest,
    attributes: Object.fromEntries(
      Object.entries({ ...object.attributes, ...change.attributes }).filter(
        ([attribute]) => !change.without?.includes(attribute),
      ),
    ),
    status: change.status ?? object.status,
    recordedAt: change.recorded_at ?? object.recordedAt,
    origin: change.origin ?? object.origin,
    ...(remoteId === undefined || remoteId === 'none' ? {} : { remoteId }),
    ...(change.carries_from === undefined ? {} : { carriesFrom: change.carries_from }),
  }
}

const changeHints = (state: RecordedState, changes: WrittenWorld['objects'] = {}): RecordedState => ({
  ...state,
  objects: new Map(
    [...state.objects].map(([address, object]) => {
      const change = changes[address]
      const hints = change === 'gone' ? undefined : change?.hints
      return [address, hints ? { ...object, hints: { ...object.hints, ...hints } } : object] as const
    }),
  ),
})

const readTombstones = (tombstones: WrittenWorld['tombstones'] = []): RecordedState['tombstones'] =>
  new Map(
    tombstones.map(({ name, address, reason, cohort_id }) => [
      name,
      {
        name,
        address,
        reason,
        retiredAt: '2026-09-01T10:00:00.000Z',
        ...(cohort_id === undefined ? {} : { cohortId: cohort_id }),
      },
    ]),
  )

const changeView = (observed: Observed, { customerio = {}, moengage = {} }: WrittenWorld): Observed => ({
  sourceSegments: failOr(customerio.failed, () => readingOf(changeSources(observed, customerio.segments))),
  segments: failOr(moengage.failed, () => readingOf(changeSegments(observed, moengage))),
  sendables: changeSendables(observed, moengage),
})

const failOr = <T>(code: string | undefined, read: () => Reading<T>): Reading<T> =>
  code === undefined ? read() : { kind: 'failed', code }

const changeSources = (
  { sourceSegments }: Observed,
  changes: Readonly<Record<string, WrittenSegment | 'gone'>> = {},
): ReadonlyMap<number, SourceSegment> => {
  const segments = new Map(sourceSegments.kind === 'read' ? sourceSegments.value : [])
  for (const [id, change] of Object.entries(changes)) {
    const segmentId = Number(id)
    if (change === 'gone') segments.delete(segmentId)
    else {
      const former = segments.get(segmentId)
      segments.set(segmentId, {
        segmentId,
        name: change.name ?? former?.name ?? '',
        type: change.type ?? former?.type ?? 'dynamic',
        isFinished: change.finished ?? true,
        ...(change.edited === undefined ? {} : { updatedAt: change.edited }),
      })
    }
  }
  return segments
}

type WrittenMoengage = NonNullable<WrittenWorld['moengage']>

const changeSegments = (
  { segments }: Observed,
  { others = [], crowd = 0, unlisted = [] }: WrittenMoengage,
): readonly DestinationSegment[] => {
  const hidden = new Set(unlisted.map(remoteIdOf))
  return [
    ...(segments.kind === 'read' ? segments.value : []).filter(({ remoteId }) => !hidden.has(remoteId)),
    ...others.map(({ id, name }) => ({ remoteId: id, name })),
    ...Array.from({ length: crowd }, (_, index) => ({ remoteId: `other-${index}`, name: `Other ${index}` })),
  ]
}

const changeSendables = (
  { sendables }: Observed,
  { others = [], sendables: changes = {} }: WrittenMoengage,
): Observed['sendables'] =>
  new Map([
    ...[...sendables].map(([remoteId, reading]) => {
      const address = Object.keys(changes).find(each => remoteIdOf(each) === remoteId)
      const change = address === undefined ? undefined : changes[address]
      return [remoteId, change === undefined ? reading : readSendable(reading, change)] as const
    }),
    ...others
      .filter(({ include, name }) => include !== undefined || name.endsWith(sendableName('')))
      .map(({ id, ...definition }) => [id, readSendable(readingOf(undefined), definition)] as const),
  ])

type SendableReading = Reading<ObservedSendable | undefined>

const readSendable = (reading: SendableReading, change: WrittenSendable | string): SendableReading => {
  const shown = reading.kind === 'read' && reading.value?.kind === 'sendable' ? reading.value : undefined
  if (change === 'gone') return readingOf(undefined)
  if (change === 'foreign') return readingOf({ kind: 'foreign', name: shown?.name ?? '' })
  if (typeof change === 'string') return { kind: 'failed', code: change }
  return readingOf({
    kind: 'sendable',
    name: change.name ?? shown?.name ?? '',
    include: change.include === undefined ? (shown?.include ?? '') : idOf(change.include),
    exclude: change.exclude ? change.exclude.map(idOf) : (shown?.exclude ?? []),
  })
}

/** An address of ours, or the id of a stranger's segment as it stands. */
const idOf = (written: string): string => (written.includes('.') ? remoteIdOf(written) : written)
