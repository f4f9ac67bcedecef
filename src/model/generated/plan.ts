// Generated from schema/plan.schema.json. Do not edit: change the schema and run `npm run generate`.

/**
 * `read`: the vendor showed it. `failed`: the vendor was asked and did not show it. `not-tried`: nobody asked.
 */
export type WrittenOutcome = WrittenOutcomeRead | WrittenOutcomeFailed | WrittenOutcomeNotTried
/**
 * A declared, recorded or observed value.
 */
export type WrittenValue = string | number | boolean | readonly string[]

/**
 * What muster would do, as `muster plan --json` prints it and `muster apply plan.json` takes it. Counts, names and declared values only: no identifier of a person and no credential has a place in it.
 */
export interface WrittenPlan {
  /**
   * Version of this format. A muster that does not know it refuses the document.
   */
  format_version: 1
  /**
   * Which muster made the plan.
   */
  muster_version: string
  /**
   * When the plan was made.
   */
  planned_at: string
  /**
   * After this moment apply refuses the document: 7 days after it was made.
   */
  expires_at: string
  target: WrittenTarget
  /**
   * true: made without keys and without a store, from the files alone. Such a plan is for reading, and apply refuses it.
   */
  offline: boolean
  /**
   * Ids of the audiences that the plan was limited to, sorted. Empty: it covers all.
   *
   * Items: Id of an audience.
   */
  only: readonly string[]
  /**
   * SHA-256 over what all files declare. Comments and the order of files and keys do not count.
   */
  specs_digest: string
  /**
   * Which store was compared with: made at random with the store. Another store refuses the plan. Absent when there was none yet, or none was asked.
   */
  store_id?: string
  /**
   * How many changes the store had recorded when the plan was made. A store that has recorded fewer is an older copy, and refuses the plan.
   */
  store_head: number
  reads: WrittenReads
  /**
   * SHA-256 over what the vendors showed of the objects that the plan concerns.
   */
  observed_digest: string
  beliefs: WrittenBeliefs
  /**
   * Every object, in the order in which apply works, those to which nothing is done included.
   */
  changes: readonly WrittenChange[]
  /**
   * What a vendor shows and is not what was recorded. Findings for people: apply does not act on them.
   */
  drift: readonly WrittenDrift[]
  /**
   * Why the plan may not be applied. Empty: it may.
   */
  refusals: readonly WrittenDiagnostic[]
  /**
   * What a reviewer should know and apply does not stop at.
   */
  warnings: readonly WrittenDiagnostic[]
  /**
   * What rules of the playbook say of what the store remembers. No part of the digest: a sync may change it. Default: they say nothing.
   */
  advice?: readonly WrittenDiagnostic[]
  /**
   * Overrides from workspace.yaml without which there would be a refusal.
   */
  overrides: readonly WrittenOverride[]
  /**
   * The QA runs that audiences on their way to `canary` or `live` rest on. No part of the digest: a later run of the same thing is as good.
   */
  evidence?: readonly WrittenEvidence[]
  /**
   * Guards that a person let pass in a sync since the last apply. No part of the digest: they are told, not decided.
   */
  allowances?: readonly WrittenAllowance[]
  /**
   * What applying does to the people in each cohort, as counts.
   */
  effects: readonly WrittenEffect[]
  cost: WrittenCost
  /**
   * SHA-256 over the canonical form (RFC 8785) of what was reviewed: the document without its two moments, what was read and observed, beliefs, calls, effects, cost, and without this key and `seal`. The same decision has the same digest, whenever it was made.
   */
  digest: string
  /**
   * SHA-256 over the canonical form (RFC 8785) of the whole document without this key. A document that was edited or damaged no longer agrees with it.
   */
  seal: string
}
/**
 * Which accounts the plan speaks of. Another environment refuses it.
 */
export interface WrittenTarget {
  /**
   * Name of the environment in workspace.yaml.
   */
  environment: string
  /**
   * Name of the set of audiences in workspace.yaml.
   */
  workspace: string
  /**
   * MoEngage's id of the workspace.
   */
  moengage_workspace: string
  /**
   * The number in the dashboard's address.
   */
  moengage_data_center: string
  /**
   * Where the Customer.io account lives.
   */
  customerio_region: string
}
/**
 * What became of each class of things to read. What was not read is unknown, never absent.
 */
export interface WrittenReads {
  customerio_segments: WrittenOutcome
  moengage_segments: WrittenOutcome
  moengage_sendables: WrittenOutcome
}
/**
 * The vendor showed it.
 */
export interface WrittenOutcomeRead {
  /**
   * The vendor showed it.
   */
  kind: 'read'
  /**
   * How many there were. 0 was read too.
   */
  count: number
}
/**
 * The vendor was asked and did not show it.
 */
export interface WrittenOutcomeFailed {
  /**
   * The vendor was asked and did not show it.
   */
  kind: 'failed'
  /**
   * Code of the failure.
   */
  code: string
}
/**
 * Nobody asked: the plan was made offline.
 */
export interface WrittenOutcomeNotTried {
  /**
   * Nobody asked: the plan was made offline.
   */
  kind: 'not-tried'
}
/**
 * How many values were compared, by how far they can be trusted. Nothing is called unchanged while one of them is unknown.
 */
export interface WrittenBeliefs {
  /**
   * Values that a vendor showed just now.
   */
  read: number
  /**
   * Values from muster's own record: they live there alone, or no vendor ever shows them.
   */
  recorded: number
  /**
   * Values that a vendor could show and that were not read this time.
   */
  unknown: number
  /**
   * When the oldest of the recorded values was recorded. Absent when there is none.
   */
  oldest_recorded_at?: string
  /**
   * When the oldest of the unknown values was recorded. Absent when there is none, or none was ever recorded.
   */
  oldest_unknown_at?: string
}
/**
 * What is done to one object.
 */
export interface WrittenChange {
  /**
   * Stable name of the object: its kind and its audience.
   */
  address: string
  /**
   * `source`: a manual segment in Customer.io. `cohort`: the member list in MoEngage. `binding`: what joins both, in muster's own record. `sendable`: the segment that campaigns should target.
   */
  kind: 'source' | 'cohort' | 'binding' | 'sendable'
  /**
   * Id of the audience. Of a cohort that a rename left behind: with its generation.
   */
  audience: string
  /**
   * `create`: it is made. `update`: it is changed. `adopt`: it exists, and muster takes it over. `rename`: it gets another name or another id. `retire`: it is emptied and put away. `forget`: muster lets go of it and touches nothing. `none`: nothing is done.
   */
  action: 'create' | 'update' | 'adopt' | 'rename' | 'retire' | 'forget' | 'none'
  /**
   * Why this action was chosen. For people only.
   */
  reason: string
  /**
   * The values that differ.
   */
  attributes: readonly WrittenAttributeChange[]
  /**
   * The weakest belief among all values of the object, those that do not differ included.
   */
  belief: 'read' | 'recorded' | 'unknown'
  /**
   * Calls that write, in the order in which apply makes them. It makes no other.
   */
  calls: readonly WrittenCall[]
  /**
   * Address under which the record stood before the audience got another id. Absent otherwise.
   */
  from?: string
  /**
   * The vendor's id of an object that is taken over. Absent otherwise.
   */
  remote_id?: string
}
/**
 * One value that differs, seen from three sides: what it is believed to be, what is declared, what was recorded.
 */
export interface WrittenAttributeChange {
  /**
   * Name of the value. No other value has a place in a plan.
   */
  attribute:
    | 'address'
    | 'approvers'
    | 'buffer'
    | 'change_process'
    | 'channels'
    | 'cohort'
    | 'cohort_id'
    | 'contact'
    | 'coordinated'
    | 'description'
    | 'exclude'
    | 'exit'
    | 'frequency_cap'
    | 'guard_floor'
    | 'holdout_percent'
    | 'identifier'
    | 'include'
    | 'intent'
    | 'listed'
    | 'max_growth'
    | 'max_members'
    | 'max_removal'
    | 'members'
    | 'min_coverage'
    | 'min_match_rate'
    | 'name'
    | 'owner'
    | 'partner'
    | 'people'
    | 'people_digest'
    | 'protected'
    | 'size'
    | 'source_edited'
    | 'source_manual'
    | 'source_name'
    | 'source_segment'
    | 'source_type'
    | 'stage'
    | 'sync_every'
    | 'testers'
    | 'use_case'
    | 'used_by'
    | 'window'
  before?: WrittenValue
  after?: WrittenValue
  /**
   * How far `before` can be trusted.
   */
  belief: 'read' | 'recorded' | 'unknown'
  /**
   * Who made it differ. `file`: what is declared is not what was applied. `drift`: what the vendor shows is not what was applied. `both`: neither is.
   */
  origin: 'file' | 'drift' | 'both'
  recorded?: WrittenValue
  /**
   * When a value that was not read had been recorded. Absent for values that were.
   */
  recorded_at?: string
}
/**
 * Calls of one kind that a change makes.
 */
export interface WrittenCall {
  /**
   * What the call does. The journal uses the same words.
   */
  operation:
    | 'create source segment'
    | 'fill source segment'
    | 'remove from source segment'
    | 'delete source segment'
    | 'create cohort'
    | 'add members'
    | 'remove members'
    | 'create sendable segment'
    | 'update sendable segment'
    | 'archive segment'
  /**
   * How many calls; the most of them with "remove from source segment".
   */
  calls: number
  /**
   * How many people the number of calls follows from; the most of them with "remove from source segment". Absent where it follows from none.
   */
  members?: number
}
/**
 * One value that a vendor shows otherwise than it was recorded.
 */
export interface WrittenDrift {
  /**
   * Address of the object.
   */
  address: string
  /**
   * Name of the value. No other value has a place in a plan.
   */
  attribute:
    | 'address'
    | 'approvers'
    | 'buffer'
    | 'change_process'
    | 'channels'
    | 'cohort'
    | 'cohort_id'
    | 'contact'
    | 'coordinated'
    | 'description'
    | 'exclude'
    | 'exit'
    | 'frequency_cap'
    | 'guard_floor'
    | 'holdout_percent'
    | 'identifier'
    | 'include'
    | 'intent'
    | 'listed'
    | 'max_growth'
    | 'max_members'
    | 'max_removal'
    | 'members'
    | 'min_coverage'
    | 'min_match_rate'
    | 'name'
    | 'owner'
    | 'partner'
    | 'people'
    | 'people_digest'
    | 'protected'
    | 'size'
    | 'source_edited'
    | 'source_manual'
    | 'source_name'
    | 'source_segment'
    | 'source_type'
    | 'stage'
    | 'sync_every'
    | 'testers'
    | 'use_case'
    | 'used_by'
    | 'window'
  /**
   * What was found, in a sentence.
   */
  detail: string
  /**
   * How sure it is. `checked`: read and compared. `estimated`: a hint that may mislead.
   */
  grade: 'checked' | 'estimated'
  recorded?: WrittenValue
  observed?: WrittenValue
  /**
   * When it was recorded.
   */
  recorded_at?: string
}
/**
 * A refusal or a warning that a person can act on.
 */
export interface WrittenDiagnostic {
  /**
   * Code of the rule.
   */
  code: string
  /**
   * `error`: apply stops at it. `warning`: it does not.
   */
  severity: 'error' | 'warning'
  /**
   * The rule in a few words: the same for every case of it.
   */
  summary: string
  /**
   * The names and numbers of this case.
   */
  detail: string
  /**
   * One thing to do about it.
   */
  hint?: string
  /**
   * The file that it speaks of. Absent when no file can be blamed.
   */
  path?: string
  /**
   * The line in that file, from 1.
   */
  line?: number
  /**
   * The column in that line, from 1, in UTF-16 units.
   */
  column?: number
}
/**
 * A guard that somebody lets pass, as workspace.yaml says it.
 */
export interface WrittenOverride {
  /**
   * The guard that does not stop the plan.
   */
  guard: 'mass-retirement' | 'identifier-change' | 'case-twin' | 'segment-limit' | 'no-qa-evidence'
  /**
   * The audience it concerns. Absent: the whole workspace.
   */
  audience?: string
  /**
   * Who answers for it.
   */
  by: string
  /**
   * Why it is right this time.
   */
  because: string
  /**
   * The last day on which it counts, in UTC.
   */
  until: string
}
/**
 * That an audience was sent to its testers, and what came of it. Counts, never identifiers.
 */
export interface WrittenEvidence {
  /**
   * Id of the audience that goes on to `canary` or `live`.
   */
  audience: string
  /**
   * When the sync in the stage `qa` ended.
   */
  at: string
  /**
   * How many testers the workspace names.
   */
  testers: number
  /**
   * How many of them MoEngage accepted.
   */
  accepted: number
  /**
   * How many of the testers MoEngage knows. Absent when it could not be asked.
   */
  resolved?: number
  /**
   * The colleague who saw the testers get what they should. Absent when nobody signed.
   */
  signed_by?: string
}
/**
 * A guard of one sync that a person let pass with --allow.
 */
export interface WrittenAllowance {
  /**
   * Id of the audience that was synced.
   */
  audience: string
  /**
   * The guard that did not stop the sync.
   */
  guard: string
  /**
   * Why it was let pass, as it was typed.
   */
  reason: string
  /**
   * When the sync began.
   */
  at: string
}
/**
 * What applying does to the people in one cohort.
 */
export interface WrittenEffect {
  /**
   * Id of the audience. Of a cohort that a rename left behind: with its generation.
   */
  audience: string
  /**
   * `first-load`: the first sync sends everybody. `remove-all`: all recorded members are removed. `carry-over`: all recorded members are sent to the cohort of the new name. `left-as-is`: nobody is added or removed. `follow-source`: syncs go on as before.
   */
  effect: 'first-load' | 'remove-all' | 'carry-over' | 'left-as-is' | 'follow-source'
  /**
   * How many people the cohort has by muster's record.
   */
  recorded_members: number
}
/**
 * Calls that applying makes, and how long they take.
 */
export interface WrittenCost {
  /**
   * Cohort Sync calls to MoEngage.
   */
  cohort_calls: number
  /**
   * Calls to MoEngage's segments.
   */
  segment_calls: number
  /**
   * Calls to Customer.io.
   */
  source_calls: number
  /**
   * How long that takes at the configured rates.
   */
  minutes: number
  /**
   * How long that takes at the vendors' own limits.
   */
  minutes_at_vendor_limits: number
}
