import type { Audience } from '../../src/model/audience.ts'
import type { Address, Change, Plan } from '../../src/model/plan.ts'
import { readingOf } from '../../src/model/reading.ts'
import {
  EMPTY_STATE,
  type RecordedObject,
  type RecordedState,
  type Tombstone,
} from '../../src/model/recorded.ts'
import type { Workspace } from '../../src/model/workspace.ts'
import { hintsOfSegment } from '../../src/plan/drift.ts'
import { buildDesired, type DesiredObject } from '../../src/plan/graph.ts'
import { chooseCohortId } from '../../src/plan/lineage.ts'
import type { Observed } from '../../src/plan/observed.ts'
import { type PlanInput, planChanges } from '../../src/plan/plan-changes.ts'
import type { DestinationSegment, ObservedSendable, SourceSegment } from '../../src/ports.ts'
import { anAudience, aWorkspace } from './audience.ts'

export const NOW = '2026-11-23T10:00:00.000Z'
export const APPLIED = '2026-11-20T10:00:00.000Z'

/** The id that the vendor gave to an object of this address. Customer.io's are numbers. */
export const remoteIdOf = (address: string): string =>
  address.startsWith('source.') ? String(numberOf(address)) : `id-of-${address.replaceAll(/[.@]/g, '-')}`

const numberOf = (text: string): number =>
  [...text].reduce((sum, character) => (sum * 31 + (character.codePointAt(0) ?? 0)) % 89_989, 7) + 10_000

export const vip = anAudience()
export const winback = anAudience({
  id: 'winback',
  name: 'ACT__Winback__60d',
  intent: 'activation',
  source: { kind: 'segment', segmentId: 15, name: 'Winback 60-120d' },
  suppressedBy: ['vip'],
})
export const qaTeam = anAudience({
  id: 'qa-team',
  name: 'QA__Team__365d',
  intent: 'qa',
  source: { kind: 'manual', name: 'QA team', members: 'testers' },
})
export const testedWorkspace: Workspace = {
  ...aWorkspace,
  qa: { testers: ['usr_1', 'usr_2', 'usr_3'], isRequired: false },
}

interface Applied {
  readonly workspace?: Workspace
  readonly at?: string
  readonly members?: Readonly<Record<string, number>>
}

const recordOf = (
  { address, kind, audience, attributes }: DesiredObject,
  workspace: Workspace,
  at: string,
): RecordedObject => ({
  address,
  kind,
  audience,
  attributes:
    kind === 'cohort'
      ? { ...attributes, cohort_id: chooseCohortId(workspace, audience, new Set()) }
      : attributes,
  status: 'seen',
  recordedAt: at,
  origin: 'created',
  ...(kind === 'binding' ? {} : { remoteId: remoteIdOf(address) }),
})

/** The state after everything of these audiences was applied and synced. */
export const applied = (
  audiences: readonly Audience[],
  { workspace = aWorkspace, at = APPLIED, members = {} }: Applied = {},
): RecordedState => ({
  ...EMPTY_STATE,
  storeId: 'store-1',
  head: 7,
  objects: new Map(
    buildDesired(workspace, audiences).map(
      object => [object.address, recordOf(object, workspace, at)] as const,
    ),
  ),
  members: new Map(Object.entries(members)),
  synced: new Map(audiences.map(({ id }) => [id, at])),
})

/** The source segments that these audiences are declared on, as declared. */
export const segmentsFor = (audiences: readonly Audience[]): readonly SourceSegment[] =>
  audiences.flatMap(({ source }) =>
    source.kind === 'segment'
      ? [{ segmentId: source.segmentId, name: source.name, type: 'dynamic' as const, isFinished: true }]
      : [],
  )

const listSources = (recorded: RecordedState): readonly SourceSegment[] =>
  [...recorded.objects.values()].flatMap(({ kind, remoteId, attributes }) =>
    kind === 'source' && remoteId !== undefined
      ? [
          {
            segmentId: Number(remoteId),
            name: String(attributes.name),
            type: 'manual' as const,
            isFinished: true,
          },
        ]
      : [],
  )

/** What the vendors show when everything recorded is as it was recorded, and every declared segment is there. */
export const faithful = (recorded: RecordedState, audiences: readonly Audience[] = []): Observed => {
  const listed = [...recorded.objects.values()].flatMap(object =>
    object.remoteId === undefined || object.kind === 'source'
      ? []
      : [{ ...object, remoteId: object.remoteId }],
  )
  const idOf = (address: unknown): string =>
    recorded.objects.get(String(address) as Address)?.remoteId ?? remoteIdOf(String(address))
  return {
    sourceSegments: readingOf(
      new Map(
        [...segmentsFor(audiences), ...listSources(recorded)].map(
          segment => [segment.segmentId, segment] as const,
        ),
      ),
    ),
    segments: readingOf(
      listed.map(({ remoteId, attributes }) => ({ remoteId, name: String(attributes.name) })),
    ),
    sendables: new Map(
      listed
        .filter(({ kind }) => kind === 'sendable')
        .map(({ remoteId, attributes: { name, include, exclude } }) => [
          remoteId,
          readingOf<ObservedSendable | undefined>({
            kind: 'sendable',
            name: String(name),
            include: idOf(include),
            exclude: (exclude as readonly string[]).map(idOf),
          }),
        ]),
    ),
  }
}

/** Hints as applying a binding leaves them. */
export const withHints = (recorded: RecordedState, observed: Observed): RecordedState => ({
  ...recorded,
  objects: new Map(
    [...recorded.objects].map(([address, object]) => {
      const segmentId = Number(object.attributes.source_segment)
      const segment =
        observed.sourceSegments.kind === 'read' ? observed.sourceSegments.value.get(segmentId) : undefined
      return [address, segment ? { ...object, hints: hintsOfSegment(segment) } : object] as const
    }),
  ),
})

/** A plan of these audiences in an account where nothing was recorded and only their sources exist. */
export const plan = (input: Partial<PlanInput>): Plan =>
  planChanges({
    workspace: aWorkspace,
    audiences: [],
    specs: {},
    target: {
      environment: 'live',
      workspace: 'acme',
      moengageWorkspace: 'ACME01',
      moengageDataCenter: '01',
      customerioRegion: 'us',
    },
    recorded: EMPTY_STATE,
    observed: faithful(input.recorded ?? EMPTY_STATE, input.audiences),
    refusals: [],
    now: NOW,
    musterVersion: '0.1.0',
    ...input,
  })

/** `create cohort.vip`, one line a change. */
export const summarize = ({ changes }: Pick<Plan, 'changes'>): readonly string[] =>
  changes.map(({ action, address }) => `${action} ${address}`)

/** The same without what nothing is done to. */
export const summarizePending = ({ changes }: Pick<Plan, 'changes'>): readonly string[] =>
  summarize({ changes: changes.filter(({ action }) => action !== 'none') })

export const codesOf = ({ refusals }: Plan): readonly string[] => refusals.map(({ code }) => code)
export const warningsOf = ({ warnings }: Plan): readonly string[] => warnings.map(({ code }) => code)

/** `create cohort`, `add members ×5 (12000)`: the calls of a change as they are planned. */
export const callsOf = ({ calls }: Change): readonly string[] =>
  calls.map(({ operation, calls: count, members }) =>
    [
      operation,
      ...(count === 1 ? [] : [`×${count}`]),
      ...(members === undefined ? [] : [`(${members})`]),
    ].join(' '),
  )

/** The change of one address; fails when the plan has none. */
export const changeAt = ({ changes }: Pick<Plan, 'changes'>, address: string): Change => {
  const change = changes.find(each => each.address === address)
  if (!change) throw new Error(`the plan has no ${address}`)
  return change
}

/** `name: A → B (read, file)`, one line an attribute. */
export const stepsOf = ({ attributes }: Change): readonly string[] =>
  attributes.map(
    ({ attribute, before, after, belief, origin, recorded }) =>
      `${attribute}: ${show(before)} → ${show(after)} (${belief}, ${origin})${recorded === undefined ? '' : ` recorded ${show(recorded)}`}`,
  )

const show = (value: unknown): string =>
  value === undefined ? '∅' : JSON.stringify(value).replaceAll('"', '')

/** The state with one object changed, or taken out. */
export const withObject = (
  state: RecordedState,
  address: Address,
  change: Partial<RecordedObject> | 'gone',
): RecordedState => {
  const object = state.objects.get(address)
  if (!object) throw new Error(`no ${address}`)
  const objects = new Map(state.objects)
  if (change === 'gone') objects.delete(address)
  else objects.set(address, { ...object, ...change })
  return { ...state, objects }
}

/** The state with an object whose vendor gave no id so far. */
export const withoutRemoteId = (state: RecordedState, address: Address): RecordedState => {
  const { remoteId: _remoteId, ...object } = state.objects.get(address) ?? {}
  const objects = new Map(state.objects).set(address, { ...(object as RecordedObject), status: 'pending' })
  return { ...state, objects }
}

/** What is left of a cohort that was called this. */
export const buried = (
  name: string,
  cohortId?: string,
  reason: Tombstone['reason'] = 'retired',
): Tombstone => ({
  name,
  address: 'cohort.vip',
  retiredAt: APPLIED,
  reason,
  ...(cohortId === undefined ? {} : { cohortId }),
})

/** MoEngage's list, changed. */
export const withSegments = (
  observed: Observed,
  change: (segments: readonly DestinationSegment[]) => readonly DestinationSegment[],
): Observed => ({
  ...observed,
  segments:
    observed.segments.kind === 'read' ? readingOf(change(observed.segments.value)) : observed.segments,
})

/** A stranger's segment. */
export const stranger = (name: string): DestinationSegment => ({ remoteId: `stranger-${name.length}`, name })

/** One sendable segment, read otherwise. */
export const withSendable = (
  observed: Observed,
  address: string,
  sendable: ObservedSendable | undefined,
): Observed => ({
  ...observed,
  sendables: new Map(observed.sendables).set(remoteIdOf(address), readingOf(sendable)),
})

/** One segment of Customer.io, shown otherwise. */
export const withSource = (observed: Observed, segment: SourceSegment): Observed => ({
  ...observed,
  sourceSegments:
    observed.sourceSegments.kind === 'read'
      ? readingOf(new Map(observed.sourceSegments.value).set(segment.segmentId, segment))
      : observed.sourceSegments,
})
