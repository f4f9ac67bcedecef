import {
  type Audience,
  type ExitRule,
  type IdentifierKey,
  type Source,
  type Stage,
  sendableName,
} from '../model/audience.ts'
import { compareText } from '../model/diagnostic.ts'
import { unreachable } from '../model/invariant.ts'
import type { Attributes, PlanValue } from '../model/plan.ts'
import { formatDuration } from '../model/time.ts'
import type { Workspace } from '../model/workspace.ts'
import { cohortAddress } from './address.ts'
import { digestOf } from './digest.ts'

/** Testers are people: only how many, and their digest, are told. */
export const describeSource = (name: string, { qa }: Workspace): Attributes => ({
  name,
  members: 'testers',
  people: qa.testers.length,
  people_digest: digestOf([...qa.testers].sort(compareText)),
})

/** The cohort less its suppressions, by address: the vendor's ids are looked up when it is written. */
export const describeSendable = (audience: Audience): Attributes => ({
  name: sendableName(audience.name),
  include: cohortAddress(audience.id),
  exclude: audience.suppressedBy.map(cohortAddress).sort(compareText),
})

/** How one segment feeds one cohort, in words and numbers. */
export const describeBinding = (workspace: Workspace, audience: Audience): Attributes => ({
  ...describeSegment(audience.source),
  cohort: audience.name,
  identifier: describeKey(audience.identifier.key),
  ...(audience.identifier.because === undefined ? {} : { identifier_because: audience.identifier.because }),
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
  ...(audience.coordinated
    ? { coordinated: `by ${audience.coordinated.by}: ${audience.coordinated.because}` }
    : {}),
  ...(audience.usedBy.length === 0 ? {} : { used_by: [...audience.usedBy].sort(compareText) }),
  ...(audience.frequencyCap
    ? { frequency_cap: `${audience.frequencyCap.max} per ${formatDuration(audience.frequencyCap.perMs)}` }
    : {}),
  max_removal: percent(audience.limits.maxRemoval),
  max_growth: percent(audience.limits.maxGrowth),
  max_members: audience.limits.maxMembers,
  guard_floor: audience.limits.floor,
  min_match_rate: percent(audience.limits.minMatchRate),
  ...(audience.size ? { size: `${audience.size.min} to ${audience.size.max}` } : {}),
  protected: audience.isProtected,
  ...describeShared(workspace, audience),
})

/** What an audience takes from the workspace and its members depend on. */
const describeShared = ({ partner, qa }: Workspace, { rollout }: Audience): Attributes => ({
  partner,
  ...(rollout.stage.kind === 'qa' ? { testers: digestOf([...qa.testers].sort(compareText)) } : {}),
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
  'min_match_rate',
  'partner',
  'testers',
]

const describeSegment = (source: Source): Attributes => {
  switch (source.kind) {
    case 'segment':
      return { source_segment: source.segmentId, source_name: source.name }
    case 'manual':
      return { source_manual: source.name }
    default:
      return unreachable(source)
  }
}

/** What a QA run tries, in the words of a binding: its source and its identifier. */
export interface Tried {
  readonly source: string
  readonly identifier: string
}

/** What a binding with these attributes sends, and under what. Evidence of anything else is none. */
export const describeTried = (binding: Readonly<Record<string, PlanValue | undefined>>): Tried => ({
  source:
    binding.source_manual === undefined
      ? `segment ${binding.source_segment} "${binding.source_name}"`
      : `manual segment "${binding.source_manual}"`,
  identifier: String(binding.identifier),
})

/** Whether a stage, as a binding describes it, sends others than testers. */
export const reachesCustomers = (stage: PlanValue | undefined): boolean =>
  stage === 'live' || (typeof stage === 'string' && stage.startsWith('canary'))

/** An identifier key as people write it. */
const describeKey = (key: IdentifierKey): string => {
  if (key.kind !== 'attribute') return key.kind
  const { attribute, format, country } = key
  if (format === undefined) return `attribute ${attribute}`
  return `attribute ${attribute} as a ${format} number${country === undefined ? '' : ` of ${country}`}`
}

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
