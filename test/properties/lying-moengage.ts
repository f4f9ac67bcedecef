import { createShopClock } from '../../src/emulators/clock.ts'
import { type CohortBatch, createCohorts } from '../../src/emulators/moengage/cohorts.ts'
import { listReferences } from '../../src/emulators/moengage/filters.ts'
import {
  createSegment,
  type SegmentTools,
  updateSegment,
} from '../../src/emulators/moengage/segment-changes.ts'
import { createSegments, type FilterSegment, type Segment } from '../../src/emulators/moengage/segments.ts'
import { type EmulatorSettings, normalizeOptions } from '../../src/emulators/options.ts'
import { FailureError } from '../../src/model/failure.ts'
import type {
  DestinationReader,
  DestinationSegment,
  DestinationWriter,
  ObservedSendable,
  SendableDefinition,
} from '../../src/ports.ts'
import { failure, type Liar, lieAboutWrite, READ_LIES, WRITE_LIES } from './lies.ts'

/** Hears of every call before it is made, and may refuse to let it be. */
export interface Watch {
  changing(
    cohort: { cohortId: string; name: string },
    direction: string,
    uids: readonly string[],
  ): Promise<void>
  /** It was not refused: for all that anybody knows, the cohort exists from now on. */
  arriving(cohort: { cohortId: string; name: string }): void
  creating(name: string): Promise<void>
  updating(remoteId: string): Promise<void>
  archiving(segment: DestinationSegment): Promise<void>
  listed(segments: readonly DestinationSegment[]): void
}

/** The emulator's own MoEngage without its sockets, and ways to meddle with it. */
export interface LyingMoengage {
  readonly reader: DestinationReader
  readonly writer: DestinationWriter
  readonly all: () => readonly Segment[]
  /** Whether muster made it, as only the vendor knows. */
  isOurs(remoteId: string): boolean
  /** Somebody else makes a segment. */
  addForeign(name: string): void
  /** Somebody changes the filters of a segment in the dashboard. */
  meddle(segment: FilterSegment): void
  archive(segment: Segment, isArchived: boolean): void
  /** What was accepted takes effect. */
  settle(): void
}

export interface LyingParts {
  readonly liar: Liar
  readonly watch: Watch
  readonly kill: () => void
}

const SETTINGS: EmulatorSettings = normalizeOptions({
  customerioPort: 0,
  moengagePort: 0,
  population: 1,
  seed: 7,
  shopTime: new Date('2026-11-23T10:00:00.000Z'),
})

const NO_LIMIT = { budgetBytes: 60, envelopeBytes: 10 }

export const createLyingMoengage = ({ liar, watch, kill }: LyingParts): LyingMoengage => {
  const clock = createShopClock(SETTINGS.shopTimeMs)
  const segments = createSegments(7)
  const timers = { after: () => undefined, sleep: async () => undefined, clear: () => undefined }
  const users = {
    isKnown: () => true,
    listAll: () => [],
    attributesOf: () => ({}),
    findByInternalId: () => undefined,
    add: () => undefined,
    remove: () => undefined,
  }
  const cohorts = createCohorts({ segments, users, clock, timers, settings: SETTINGS })
  // Of the world these functions take no more than settings and clock, and nothing of the answers.
  const tools = { world: { settings: SETTINGS, clock, timers }, segments } as unknown as SegmentTools
  const made = new Set<string>()
  const active = (): Segment[] => segments.all().filter(({ archivedAtMs }) => archivedAtMs === undefined)

  const reader: DestinationReader = {
    listSegments: async () => {
      const lie = liar.draw(READ_LIES)
      if (lie === 'refuse') throw failure(false)
      const listed = active()
        .filter(() => lie !== 'omit' || liar.random() < 0.5)
        .map(({ id, name }) => ({ remoteId: id, name }))
      watch.listed(listed)
      return listed
    },
    readSendable: async remoteId => {
      if (liar.draw(['refuse'])) throw failure(false)
      const segment = segments.find(remoteId)
      return segment?.kind === 'filter' ? toObserved(segment) : undefined
    },
    refusesIdentifier: () => undefined,
  }

  const keep = (outcome: ReturnType<typeof createSegment>): Segment => {
    if ('segment' in outcome) return outcome.segment
    const { existing_cs_id: remoteId, existing_cs_name: name } = outcome.error
    throw new FailureError({
      origin: 'moengage',
      code: 'provider/conflict',
      detail: 'It stands in the way of another one.',
      retryable: false,
      status: outcome.status,
      ...(typeof remoteId === 'string' ? { conflict: { remoteId, name: String(name) } } : {}),
    })
  }

  const writer: DestinationWriter = {
    sizeBatch: () => ({ ...NO_LIMIT, memberBytes: () => 10 }),
    changeMembers: async (cohort, direction, uids) => {
      await watch.changing(cohort, direction, uids)
      const batch: CohortBatch = {
        action: direction === 'add' ? 'add_members' : 'remove_members',
        partner: 'muster',
        cohortId: cohort.cohortId,
        cohortName: cohort.name,
        uids: [...uids],
      }
      const lie = liar.draw([...WRITE_LIES, 'drop'])
      if (lie !== 'refuse') watch.arriving(cohort)
      lieAboutWrite(lie, () => (lie === 'drop' ? undefined : cohorts.accept(batch)), kill)
    },
    createSendable: async definition => {
      await watch.creating(definition.name)
      const create = () => {
        const { id } = keep(createSegment(toBody(definition), tools, segments))
        made.add(id)
        return { remoteId: id }
      }
      return lieAboutWrite(liar.draw(WRITE_LIES), create, kill)
    },
    updateSendable: async (remoteId, definition) => {
      await watch.updating(remoteId)
      const segment = segments.find(remoteId)
      if (!segment) throw failure(false)
      lieAboutWrite(
        liar.draw(WRITE_LIES),
        () => keep(updateSegment(toBody(definition), segment, tools, true)),
        kill,
      )
    },
    retireSegment: async target => {
      await watch.archiving(target)
      if (liar.draw(['refuse'])) return 'not-confirmed'
      const archive = () => {
        const segment = segments.find(target.remoteId)
        if (segment) segment.archivedAtMs = clock.nowMs()
        return 'confirmed' as const
      }
      return lieAboutWrite(liar.draw(WRITE_LIES), archive, kill)
    },
  }

  return {
    reader,
    writer,
    all: segments.all,
    isOurs: remoteId => {
      const segment = segments.find(remoteId)
      return segment?.kind === 'cohort' ? segment.partner === 'muster' : made.has(remoteId)
    },
    addForeign: name => {
      if (segments.isNameTaken(name)) return
      const definition = { included_filters: { filter_operator: 'and' as const, filters: [] } }
      const words = { kind: 'filter', name, type: 'ELASTIC_SEARCH', source: 'Dashboard' } as const
      segments.add({ ...words, isInUse: true, definition }, clock.nowMs())
    },
    meddle: segment => {
      const [include] = listReferences(segment.definition)
      if (include === undefined) return
      updateSegment(toBody({ name: segment.name, include, exclude: [] }), segment, tools, true)
    },
    archive: (segment, isArchived) => {
      segment.archivedAtMs = isArchived ? clock.nowMs() : undefined
    },
    settle: () => void cohorts.settle(),
  }
}

const toGroup = (operator: 'and' | 'or', ids: readonly string[]) => ({
  filter_operator: operator,
  filters: ids.map(id => ({ filter_type: 'custom_segments', id })),
})

const toBody = ({ name, include, exclude }: SendableDefinition) => ({
  name,
  included_filters: toGroup('and', [include]),
  excluded_filters: toGroup('or', exclude),
})

const toObserved = ({ name, definition }: FilterSegment): ObservedSendable => {
  const [include, ...exclude] = listReferences(definition)
  return include === undefined ? { kind: 'foreign', name } : { kind: 'sendable', name, include, exclude }
}
