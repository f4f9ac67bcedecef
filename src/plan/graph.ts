import {
  type Audience,
  type AudienceId,
  type ExitRule,
  type IdentifierKey,
  type Source,
  type Stage,
  sendableName,
} from '../model/audience.ts'
import { compareText } from '../model/diagnostic.ts'
import { unreachable } from '../model/invariant.ts'
import type { Address, Attributes, ObjectKind } from '../model/plan.ts'
import { formatDuration } from '../model/time.ts'
import type { Workspace } from '../model/workspace.ts'
import { digestOf } from './digest.ts'

/** An object as the specs want it. */
export interface DesiredObject {
  readonly address: Address
  readonly kind: ObjectKind
  readonly audience: AudienceId
  readonly attributes: Attributes
}

export const cohortAddress = (audience: AudienceId): Address => `cohort.${audience}`
export const bindingAddress = (audience: AudienceId): Address => `binding.${audience}`
export const sendableAddress = (audience: AudienceId): Address => `sendable.${audience}`

/** All objects the specs ask for, in address order whatever the order of files. */
export const buildDesired = (
  workspace: Workspace,
  audiences: readonly Audience[],
): readonly DesiredObject[] =>
  audiences
    .flatMap(audience => [
      describeCohort(workspace, audience),
      describeBinding(workspace, audience),
      ...(audience.suppressedBy.length > 0 ? [describeSendable(audience)] : []),
    ])
    .sort((a, b) => compareText(a.address, b.address))

const describeCohort = (workspace: Workspace, audience: Audience): DesiredObject => ({
  address: cohortAddress(audience.id),
  kind: 'cohort',
  audience: audience.id,
  attributes: { name: audience.name, cohort_id: `${workspace.name}-${audience.id}-g1` },
})

/** The sendable segment of an audience that has suppressions. */
export const describeSendable = (audience: Audience): DesiredObject => ({
  address: sendableAddress(audience.id),
  kind: 'sendable',
  audience: audience.id,
  attributes: {
    name: sendableName(audience.name),
    include: cohortAddress(audience.id),
    exclude: audience.suppressedBy.map(cohortAddress).sort(compareText),
  },
})

const describeBinding = (workspace: Workspace, audience: Audience): DesiredObject => ({
  address: bindingAddress(audience.id),
  kind: 'binding',
  audience: audience.id,
  attributes: { ...bindingAttributes(audience), ...workspaceAttributes(workspace, audience) },
})

/** What an audience takes from the workspace and its members depend on. Testers are people: only their digest is told. */
const workspaceAttributes = ({ partner, qa }: Workspace, { rollout }: Audience): Attributes => ({
  partner,
  ...(rollout.stage.kind === 'qa' ? { testers: digestOf([...qa.testers].sort(compareText)) } : {}),
})

const bindingAttributes = (audience: Audience): Attributes => ({
  ...describeSource(audience.source),
  cohort: audience.name,
  identifier: describeKey(audience.identifier.key),
  min_coverage: percent(audience.identifier.minCoverage),
  exit: describeExit(audience.exit),
  stage: describeStage(audience.rollout.stage),
  holdout_percent: audience.rollout.holdoutPercent,
  intent: audience.intent,
  use_case: audience.useCase,
  description: audience.description,
  owner: audience.owner.team,
  contact: audience.owner.contact,
  approvers: [...audience.owner.approvers].sort(compareText),
  ...(audience.changeProcess === undefined ? {} : { change_process: audience.changeProcess }),
  window: formatDuration(audience.timing.windowMs),
  ...(audience.timing.bufferMs === undefined ? {} : { buffer: formatDuration(audience.timing.bufferMs) }),
  sync_every: formatDuration(audience.timing.syncEveryMs),
  channels: [
    ...audience.channels.moengage.map(channel => `moengage ${channel}`),
    ...audience.channels.customerio.map(channel => `customerio ${channel}`),
  ],
  ...(audience.frequencyCap
    ? { frequency_cap: `${audience.frequencyCap.max} per ${formatDuration(audience.frequencyCap.perMs)}` }
    : {}),
  max_removal: percent(audience.limits.maxRemoval),
  max_growth: percent(audience.limits.maxGrowth),
  max_members: audience.limits.maxMembers,
  guard_floor: audience.limits.floor,
  protected: audience.isProtected,
})

/** Binding attributes that decide who is a member: sync refuses to run on specs that differ in one of these. */
export const MEMBERSHIP_ATTRIBUTES: readonly string[] = [
  'source_segment',
  'source_name',
  'source_manual',
  'cohort',
  'identifier',
  'min_coverage',
  'exit',
  'stage',
  'holdout_percent',
  'max_removal',
  'max_growth',
  'max_members',
  'guard_floor',
  'partner',
  'testers',
]

const describeSource = (source: Source): Attributes => {
  switch (source.kind) {
    case 'segment':
      return { source_segment: source.segmentId, source_name: source.name }
    case 'manual':
      return { source_manual: source.name }
    default:
      return unreachable(source)
  }
}

/** An identifier key as people write it. */
export const describeKey = (key: IdentifierKey): string =>
  key.kind === 'attribute' ? `attribute ${key.attribute}` : key.kind

const describeExit = (exit: ExitRule): string => {
  switch (exit.kind) {
    case 'remove':
      return 'remove'
    case 'keep':
      return 'keep'
    case 'sticky': {
      const blocked = exit.noReentryForMs ? `, no re-entry for ${formatDuration(exit.noReentryForMs)}` : ''
      return `sticky ${formatDuration(exit.forMs)} from ${exit.from}${blocked}`
    }
    default:
      return unreachable(exit)
  }
}

const describeStage = (stage: Stage): string =>
  stage.kind === 'canary' ? `canary ${stage.percent}%` : stage.kind

const percent = (ratio: number): string => `${Number((ratio * 100).toFixed(4))}%`
