import type { AudienceId, IdentifierRule, Intent, MembershipLimits } from './audience.ts'
import type { Override } from './plan.ts'
import type { RuleSeverities, Waiver } from './rule.ts'

export interface CustomerioConnection {
  readonly region: 'us' | 'eu'
  /** Names of environment variables, never keys. */
  readonly appKeyEnv: string
  /** Both or none. Needed for manual segments only. */
  readonly track?: { readonly siteIdEnv: string; readonly apiKeyEnv: string }
  readonly baseUrl?: string
}

export interface MoengageConnection {
  readonly dataCenter: string
  readonly workspaceId: string
  readonly dataKeyEnv: string
  readonly dbName?: string
  readonly baseUrl?: string
}

export interface Environment {
  readonly name: string
  readonly customerio: CustomerioConnection
  readonly moengage: MoengageConnection
}

export type StoreTarget =
  | { readonly kind: 'duckdb'; readonly path: string }
  | { readonly kind: 'postgres'; readonly urlEnv: string }

/** Calls that muster allows itself, below the vendors' own limits because those are shared with other partners. */
export interface Rates {
  readonly moengagePerMinute: number
  readonly customerioPerSecond: number
}

/** How often all members of each cohort are sent again, and how many calls of one run may go into it. */
export interface Reassertion {
  readonly everyMs: number
  readonly callsPerRun: number
}

/** What counts as trouble for a monitor, and who hears of it besides the terminal. */
export interface AlertRules {
  /** Keeps one issue of each environment. */
  readonly githubIssue: boolean
  /** Name of the variable that holds the address of the webhook, never the address. */
  readonly webhookEnv?: string
  /** By how much of its usual size an audience may change. A ratio; below the floor of its guards nothing counts. */
  readonly swing: number
  /** More people than that are a swing, whatever share they are. */
  readonly swingPeople?: number
  /** By how much the share of people who carry the identifier may fall, as a ratio of everybody. */
  readonly coverageFall: number
}

/** What `workspace.yaml` means, with every default filled in. */
export interface Workspace {
  readonly name: string
  /** Constant sent with every Cohort Sync call. */
  readonly partner: string
  readonly environments: ReadonlyMap<string, Environment>
  readonly store: StoreTarget
  readonly identifier: IdentifierRule
  readonly naming: Readonly<Record<Intent, string>>
  readonly budget: { readonly synced: number; readonly warnAbove: number }
  /** A layer below every activation. What it means for each is in its `suppressedBy` already. */
  readonly suppressedBy: readonly AudienceId[]
  /** The audience of people who are using the app right now. */
  readonly inAppActive?: AudienceId
  /** Of the smaller one's people, how many two activations on one channel may share. A ratio. */
  readonly maxOverlap: number
  /** Percentages that a canary goes through, rising. */
  readonly canarySteps: readonly number[]
  readonly limits: MembershipLimits
  readonly rates: Rates
  /** How late a sync may begin because of whatever starts it. */
  readonly schedule: { readonly lateByMs: number }
  readonly reassert: Reassertion
  /** `isRequired`: an audience goes live only with evidence that its testers were sent. */
  readonly qa: { readonly testers: readonly string[]; readonly isRequired: boolean }
  /** Guards that a person lets pass. */
  readonly allow: readonly Override[]
  /** Audiences that muster stops managing: nothing of theirs is touched, their record is dropped. */
  readonly forget: readonly AudienceId[]
  readonly teams: ReadonlyMap<string, { readonly contact: string; readonly approvers: readonly string[] }>
  readonly alerts: AlertRules
  readonly policy: RuleSeverities
  readonly waivers: readonly Waiver[]
}
