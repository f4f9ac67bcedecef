import type { RuleSeverities, Waiver } from './rule.ts'

/** Stable id of an audience: its file's base name. Everything is keyed by it. */
export type AudienceId = string

export type Intent = 'activation' | 'suppression' | 'orchestration' | 'qa'

/** Where the members come from: a segment that exists in Customer.io, or a manual one that muster makes and fills. */
export type Source =
  | { readonly kind: 'segment'; readonly segmentId: number; readonly name: string }
  | { readonly kind: 'manual'; readonly name: string; readonly members: 'testers' }

/** Which of a person's values becomes the identifier that MoEngage matches on. */
export type IdentifierKey =
  | { readonly kind: 'id' | 'email' | 'cio_id' }
  | {
      readonly kind: 'attribute'
      readonly attribute: string
      /** Absent: sent as it is. `phone`: brought into E.164. */
      readonly format?: 'phone'
      /** Which country numbers without a country code are of, as two capital letters. Only with `phone`. */
      readonly country?: string
    }

/** `minCoverage` is a ratio, 0 to 1: how many members must carry the identifier. */
export interface IdentifierRule {
  readonly key: IdentifierKey
  readonly minCoverage: number
  /** Why an audience's differs from the workspace's. */
  readonly because?: string
}

export type ExitRule =
  | { readonly kind: 'remove' }
  | {
      readonly kind: 'sticky'
      readonly forMs: number
      readonly from: 'entry' | 'exit'
      readonly noReentryForMs?: number
    }
  | { readonly kind: 'keep'; readonly because: string }

export type Stage =
  | { readonly kind: 'qa' | 'live' | 'paused' }
  /** `percent` is 1 to 99. */
  | { readonly kind: 'canary'; readonly percent: number }

export interface Rollout {
  readonly stage: Stage
  readonly holdoutPercent: number
}

/** Limits on one sync. Ratios are of the members in the ledger: 0.3 is 30 %. */
export interface MembershipLimits {
  readonly maxRemoval: number
  readonly maxGrowth: number
  readonly maxMembers: number
  /** Ledgers smaller than this are not judged by ratio: small samples are not percentages. */
  readonly floor: number
  /** How many of those to be added MoEngage must know, by a sample. */
  readonly minMatchRate: number
}

export interface Owner {
  readonly team: string
  readonly contact: string
  readonly approvers: readonly string[]
}

export interface Timing {
  readonly windowMs: number
  readonly bufferMs?: number
  readonly syncEveryMs: number
}

/** Name of the filter segment that campaigns should target: the cohort less its suppressions. */
export const sendableName = (cohortName: string): string => `${cohortName}${SENDABLE_SUFFIX}`

export const SENDABLE_SUFFIX = '__Sendable'

/** What a spec means, with every default filled in. The written form is `WrittenAudience`. */
export interface Audience {
  readonly id: AudienceId
  readonly name: string
  readonly description: string
  readonly intent: Intent
  readonly useCase: string
  readonly owner: Owner
  readonly changeProcess?: string
  readonly source: Source
  readonly identifier: IdentifierRule
  readonly exit: ExitRule
  readonly timing: Timing
  readonly channels: { readonly moengage: readonly string[]; readonly customerio: readonly string[] }
  /** Says that two tools or two audiences reach the same people on one channel on purpose. */
  readonly coordinated?: { readonly by: string; readonly because: string }
  /** Campaigns and flows in MoEngage, by name. */
  readonly usedBy: readonly string[]
  /** Its own suppressions, and for an activation those of the workspace. */
  readonly suppressedBy: readonly AudienceId[]
  readonly frequencyCap?: { readonly max: number; readonly perMs: number }
  readonly rollout: Rollout
  readonly limits: MembershipLimits
  /** How many people it has on an ordinary day. Stops nothing. */
  readonly size?: { readonly min: number; readonly max: number }
  readonly isProtected: boolean
  /** While true, muster leaves everything of this audience as it is: no change, no sync. */
  readonly isSuspended: boolean
  /** The id this audience had before. Its record and its ledger move over; the vendors are not called. */
  readonly movedFrom?: AudienceId
  /** Takes over objects of its names that exist already. Without effect once they are recorded. */
  readonly adopt?: Adoption
  readonly policy: RuleSeverities
  readonly waivers: readonly Waiver[]
}

/** How a cohort is taken over. `cohortId`: what its partner sent it under; absent: what muster itself would choose. */
export interface Adoption {
  readonly cohortId?: string
}
