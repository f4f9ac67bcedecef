import type {
  Audience,
  ExitRule,
  IdentifierRule,
  MembershipLimits,
  Rollout,
  Source,
  Timing,
} from '../model/audience.ts'
import type {
  WrittenAdopt,
  WrittenAudience,
  WrittenExit,
  WrittenGuards,
  WrittenIdentifier,
  WrittenRollout,
  WrittenSource,
  WrittenTiming,
} from '../model/generated/audience.ts'
import { invariant, unreachable } from '../model/invariant.ts'
import { parseDurationMs } from '../model/time.ts'
import type { Workspace } from '../model/workspace.ts'
import { layerSuppressions } from './suppression-layer.ts'

/** What a valid spec means in its workspace. Every default of an audience stands here and nowhere else. */
export const normalizeAudience = (written: WrittenAudience, workspace: Workspace): Audience => ({
  id: written.id,
  name: written.name,
  description: written.description,
  intent: written.intent,
  useCase: written.use_case,
  owner: written.owner,
  ...(written.change_process === undefined ? {} : { changeProcess: written.change_process }),
  source: normalizeSource(written.source),
  identifier: normalizeIdentifier(written.identifier, workspace.identifier),
  exit: normalizeExit(written.exit),
  timing: normalizeTiming(written.timing),
  channels: { moengage: written.channels?.moengage ?? [], customerio: written.channels?.customerio ?? [] },
  ...(written.coordinated === undefined ? {} : { coordinated: written.coordinated }),
  usedBy: written.used_by ?? [],
  suppressedBy: layerSuppressions(written, workspace.suppressedBy),
  ...(written.frequency_cap === undefined
    ? {}
    : { frequencyCap: { max: written.frequency_cap.max, perMs: readDuration(written.frequency_cap.per) } }),
  rollout: normalizeRollout(written.rollout),
  limits: normalizeLimits(written.guards, workspace.limits),
  ...(written.size === undefined ? {} : { size: written.size }),
  isProtected: written.protected ?? false,
  isSuspended: written.suspend ?? false,
  ...(written.moved_from === undefined ? {} : { movedFrom: written.moved_from }),
  ...normalizeAdopt(written.adopt),
  policy: new Map(Object.entries(written.policy ?? {})),
  waivers: written.waivers ?? [],
})

/** What is not written is taken from the defaults, value by value. */
export const normalizeIdentifier = (
  written: WrittenIdentifier | undefined,
  defaults: IdentifierRule,
): IdentifierRule => ({
  key: written?.key === undefined ? defaults.key : normalizeKey(written.key),
  minCoverage: written?.min_coverage === undefined ? defaults.minCoverage : readPercent(written.min_coverage),
  ...(written?.because === undefined ? {} : { because: written.because }),
})

/** What is not written is taken from the defaults, value by value. */
export const normalizeLimits = (
  written: WrittenGuards | undefined,
  defaults: MembershipLimits,
): MembershipLimits => ({
  maxRemoval: written?.max_removal === undefined ? defaults.maxRemoval : readPercent(written.max_removal),
  maxGrowth: written?.max_growth === undefined ? defaults.maxGrowth : readPercent(written.max_growth),
  maxMembers: written?.max_members ?? defaults.maxMembers,
  floor: written?.floor ?? defaults.floor,
  minMatchRate:
    written?.min_match_rate === undefined ? defaults.minMatchRate : readPercent(written.min_match_rate),
})

const normalizeKey = (written: NonNullable<WrittenIdentifier['key']>): IdentifierRule['key'] =>
  typeof written === 'string' ? { kind: written } : { kind: 'attribute', ...written }

const normalizeSource = (written: WrittenSource): Source =>
  'manual' in written
    ? { kind: 'manual', name: written.manual.name, members: written.manual.members }
    : { kind: 'segment', segmentId: written.segment, name: written.name }

/** `adopt: false` is what is meant when nothing is written. */
const normalizeAdopt = (written: WrittenAdopt = false): Pick<Audience, 'adopt'> => {
  if (written === false) return {}
  return { adopt: written === true ? {} : { cohortId: written.cohort_id } }
}

const normalizeExit = (written: WrittenExit): ExitRule => {
  switch (written.rule) {
    case 'remove':
      return { kind: 'remove' }
    case 'sticky':
      return {
        kind: 'sticky',
        forMs: readDuration(written.for),
        from: written.from,
        ...(written.no_reentry_for === undefined
          ? {}
          : { noReentryForMs: readDuration(written.no_reentry_for) }),
      }
    case 'keep':
      return { kind: 'keep', because: written.because }
    default:
      return unreachable(written)
  }
}

const normalizeTiming = (written: WrittenTiming): Timing => ({
  windowMs: readDuration(written.window),
  ...(written.buffer === undefined ? {} : { bufferMs: readDuration(written.buffer) }),
  syncEveryMs: readDuration(written.sync_every),
})

const normalizeRollout = (written: WrittenRollout): Rollout => ({
  stage: written.stage === 'canary' ? { kind: 'canary', percent: written.percent } : { kind: written.stage },
  holdoutPercent: written.holdout_percent ?? 0,
})

/** Milliseconds of a duration that the schema let through. */
export const readDuration = (written: string): number => {
  const durationMs = parseDurationMs(written)
  invariant(durationMs !== undefined, `the schema let a duration through: ${written}`)
  return durationMs
}

/** A ratio: `30%` → 0.3. Divided, not multiplied: 0.01 × 30 is not 0.3. */
export const readPercent = (written: string): number => Number(written.slice(0, -1)) / 100
