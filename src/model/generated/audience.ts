// Generated from schema/audience.schema.json. Do not edit: change the schema and run `npm run generate`.

/**
 * Lets muster take over what exists already under the names of this audience: its cohort and its sendable segment in MoEngage, its manual segment in Customer.io. `true`, or `{ cohort_id: … }` when the cohort was fed under an id. Nobody is removed by it, because nobody but MoEngage knows who is in there. Without it, a name that is taken is refused. No effect once they are recorded. Default: false.
 */
export type WrittenAdopt = WrittenAdoptCohort | boolean
/**
 * Where the people come from: either a segment that exists in Customer.io (`segment` and `name`), or a manual one that muster creates there and fills (`manual`).
 */
export type WrittenSource = WrittenSourceManual | WrittenSourceSegment
/**
 * The value of a person in Customer.io that equals their unique user id in MoEngage, letter for letter: `id`, `email`, `cio_id`, or `{ attribute: name }`. An attribute that holds phone numbers can be brought into one form. People without it are counted and skipped. Default: the workspace's.
 */
export type WrittenIdentifierKey = WrittenIdentifierAttribute | ('id' | 'email' | 'cio_id')
/**
 * What happens in MoEngage when somebody leaves the segment. `remove`: they leave the cohort with the next sync. `sticky`: they stay for a while. `keep`: they stay for ever. A suppression should use `remove`, or people stay silenced.
 */
export type WrittenExit = WrittenExitRemove | WrittenExitSticky | WrittenExitKeep
/**
 * How far the audience has been rolled out: `qa`, then `canary`, then `live`; `paused` leaves the cohort as it is.
 */
export type WrittenRollout = WrittenRolloutFull | WrittenRolloutCanary

/**
 * One audience: the people of one Customer.io segment, kept as one cohort in MoEngage. The file is named after its id, for example audiences/cart-abandon.yaml.
 */
export interface WrittenAudience {
  /**
   * Stable name of the audience, for ever: everything muster remembers is keyed by it. Lower-case words joined by hyphens, at most 60 characters, and the base name of this file. For another id, rename the file and write the id it had under `moved_from`.
   */
  id: string
  /**
   * The id this audience had before, when it got another one. What muster remembers of it moves over, and neither vendor hears of it. May stay once it is applied, and may be removed then. Default: it never had another id.
   */
  moved_from?: string
  /**
   * What the cohort is called in MoEngage, written <purpose>__<UseCase>__<window>. Letters, digits, spaces, _ and - only, at most 200 characters: MoEngage drops other names without saying so. It can neither rename a cohort nor give a name twice, so a changed name means a new cohort: everybody recorded is sent to it, then the one before is emptied and put away.
   */
  name: string
  adopt?: WrittenAdopt
  /**
   * Who is in it, in one or two sentences that a colleague understands without opening Customer.io. Shown to reviewers and sent along with the cohort. At most 500 characters.
   */
  description: string
  /**
   * What the audience is for. `activation`: these people get a message. `suppression`: these people must not. `orchestration`: several journeys ask whether somebody is in it. `qa`: our own testers. An audience that only feeds analysis does not belong in MoEngage, so there is no value for it. Decides the first part of `name`.
   */
  intent: 'activation' | 'suppression' | 'orchestration' | 'qa'
  /**
   * The campaign idea this audience serves, as lower-case words joined by hyphens. Reports group audiences by it.
   */
  use_case: string
  owner: WrittenOwner
  /**
   * How a change to this audience gets approved, in your own words. Shown to reviewers; muster does not act on it.
   */
  change_process?: string
  source: WrittenSource
  identifier?: WrittenIdentifier
  exit: WrittenExit
  timing: WrittenTiming
  channels?: WrittenChannels
  coordinated?: WrittenCoordinated
  /**
   * What in MoEngage uses this audience, by the names people see there: campaigns, flows, in-app messages. An audience that nothing uses costs calls and attention for nobody. Default: none named.
   *
   * @maxItems 50
   *
   * Items: Name of one campaign, flow or message in MoEngage.
   */
  used_by?: readonly string[]
  /**
   * Ids of audiences whose people must not be messaged from this one. muster then also manages a segment named `<name>__Sendable`: this cohort without theirs. Point campaigns at that one. At most 9, because a MoEngage segment combines at most 10 and this cohort is one of them. Default: none, and no sendable segment.
   *
   * @maxItems 9
   *
   * Items: Id of another audience in this folder.
   */
  suppressed_by?: readonly string[]
  frequency_cap?: WrittenFrequencyCap
  rollout: WrittenRollout
  guards?: WrittenGuards
  size?: WrittenSize
  /**
   * true keeps muster from retiring the cohort, even when this file is deleted: set it to false in one change, retire in the next. Default: false.
   */
  protected?: boolean
  /**
   * true leaves everything of this audience as it is: apply changes nothing and sync sends nobody, until it is false again. Unlike the stage `paused`, no change of this file is carried out either. Default: false.
   */
  suspend?: boolean
  policy?: WrittenPolicy
  /**
   * Rules of the playbook that a person lets be broken here, with a reason and a last day. Default: none.
   *
   * @maxItems 50
   */
  waivers?: readonly WrittenWaiver[]
}
/**
 * What exists is taken over, and the cohort goes on under the id that it was fed with.
 */
export interface WrittenAdoptCohort {
  /**
   * The `cohort_id` that its partner sent with the cohort. MoEngage never shows it: ask whoever fed the cohort. Default: what muster would choose, `<workspace>-<audience>-g1`.
   */
  cohort_id: string
}
/**
 * The team that answers for this audience. An audience without an owner is one that nobody dares to delete.
 */
export interface WrittenOwner {
  /**
   * Name of the owning team, as lower-case words joined by hyphens. When the workspace lists teams, it must be one of them.
   */
  team: string
  /**
   * E-mail address that reaches the team, better a list than a person. Shown wherever this audience has a problem.
   */
  contact: string
  /**
   * GitHub users or teams that must approve a change to this file. `muster codeowners` writes them into CODEOWNERS. At least one.
   *
   * @minItems 1
   *
   * Items: A GitHub user (@name) or team (@organisation/team).
   */
  approvers: readonly string[]
}
/**
 * A manual segment that muster creates in Customer.io, fills and, when the audience is retired, deletes. Needs the Track keys in the workspace.
 */
export interface WrittenSourceManual {
  manual: WrittenManual
}
/**
 * The manual segment to create, and who is put into it.
 */
export interface WrittenManual {
  /**
   * The name muster gives the segment in Customer.io. It cannot be changed afterwards, only replaced by a new segment.
   */
  name: string
  /**
   * Who is put into the segment. `testers`: the workspace's qa.testers.
   */
  members: 'testers'
}
/**
 * A segment that exists in Customer.io. muster reads it and never changes it.
 */
export interface WrittenSourceSegment {
  /**
   * The segment's number in Customer.io: the last number in its address there.
   */
  segment: number
  /**
   * The name the segment has in Customer.io, exactly. If the id leads to another name, muster stops: the wrong number is the easiest way to message the wrong people.
   */
  name: string
}
/**
 * How a person in Customer.io is recognised in MoEngage. What you leave out comes from the workspace.
 */
export interface WrittenIdentifier {
  key?: WrittenIdentifierKey
  /**
   * The share of the segment's people who must carry the identifier, 0% to 100%. Below it the sync stops, because the rest would be missing from MoEngage without a word. Default: the workspace's.
   */
  min_coverage?: string
  /**
   * Why this audience is recognised by another identifier than the rest of the workspace. Shown to every reviewer. Default: none, and a warning when it differs.
   */
  because?: string
}
/**
 * Any attribute of the person in Customer.io. The sync then reads a people export, which takes longer than reading the segment.
 */
export interface WrittenIdentifierAttribute {
  /**
   * The attribute's name in Customer.io, exactly.
   */
  attribute: string
  /**
   * What the value is, when it has to be brought into the form that MoEngage has. `phone`: a phone number, sent in the international form E.164 (+12025550123) without spaces; what is no valid number is counted and skipped. Default: sent as it is, letter for letter.
   */
  format?: 'phone'
  /**
   * Country, as two capital letters, that phone numbers without a country code are of. Without it they are skipped. Needs `format: phone`.
   */
  country?:
    | 'AC'
    | 'AD'
    | 'AE'
    | 'AF'
    | 'AG'
    | 'AI'
    | 'AL'
    | 'AM'
    | 'AO'
    | 'AR'
    | 'AS'
    | 'AT'
    | 'AU'
    | 'AW'
    | 'AX'
    | 'AZ'
    | 'BA'
    | 'BB'
    | 'BD'
    | 'BE'
    | 'BF'
    | 'BG'
    | 'BH'
    | 'BI'
    | 'BJ'
    | 'BL'
    | 'BM'
    | 'BN'
    | 'BO'
    | 'BQ'
    | 'BR'
    | 'BS'
    | 'BT'
    | 'BW'
    | 'BY'
    | 'BZ'
    | 'CA'
    | 'CC'
    | 'CD'
    | 'CF'
    | 'CG'
    | 'CH'
    | 'CI'
    | 'CK'
    | 'CL'
    | 'CM'
    | 'CN'
    | 'CO'
    | 'CR'
    | 'CU'
    | 'CV'
    | 'CW'
    | 'CX'
    | 'CY'
    | 'CZ'
    | 'DE'
    | 'DJ'
    | 'DK'
    | 'DM'
    | 'DO'
    | 'DZ'
    | 'EC'
    | 'EE'
    | 'EG'
    | 'EH'
    | 'ER'
    | 'ES'
    | 'ET'
    | 'FI'
    | 'FJ'
    | 'FK'
    | 'FM'
    | 'FO'
    | 'FR'
    | 'GA'
    | 'GB'
    | 'GD'
    | 'GE'
    | 'GF'
    | 'GG'
    | 'GH'
    | 'GI'
    | 'GL'
    | 'GM'
    | 'GN'
    | 'GP'
    | 'GQ'
    | 'GR'
    | 'GT'
    | 'GU'
    | 'GW'
    | 'GY'
    | 'HK'
    | 'HN'
    | 'HR'
    | 'HT'
    | 'HU'
    | 'ID'
    | 'IE'
    | 'IL'
    | 'IM'
    | 'IN'
    | 'IO'
    | 'IQ'
    | 'IR'
    | 'IS'
    | 'IT'
    | 'JE'
    | 'JM'
    | 'JO'
    | 'JP'
    | 'KE'
    | 'KG'
    | 'KH'
    | 'KI'
    | 'KM'
    | 'KN'
    | 'KP'
    | 'KR'
    | 'KW'
    | 'KY'
    | 'KZ'
    | 'LA'
    | 'LB'
    | 'LC'
    | 'LI'
    | 'LK'
    | 'LR'
    | 'LS'
    | 'LT'
    | 'LU'
    | 'LV'
    | 'LY'
    | 'MA'
    | 'MC'
    | 'MD'
    | 'ME'
    | 'MF'
    | 'MG'
    | 'MH'
    | 'MK'
    | 'ML'
    | 'MM'
    | 'MN'
    | 'MO'
    | 'MP'
    | 'MQ'
    | 'MR'
    | 'MS'
    | 'MT'
    | 'MU'
    | 'MV'
    | 'MW'
    | 'MX'
    | 'MY'
    | 'MZ'
    | 'NA'
    | 'NC'
    | 'NE'
    | 'NF'
    | 'NG'
    | 'NI'
    | 'NL'
    | 'NO'
    | 'NP'
    | 'NR'
    | 'NU'
    | 'NZ'
    | 'OM'
    | 'PA'
    | 'PE'
    | 'PF'
    | 'PG'
    | 'PH'
    | 'PK'
    | 'PL'
    | 'PM'
    | 'PR'
    | 'PS'
    | 'PT'
    | 'PW'
    | 'PY'
    | 'QA'
    | 'RE'
    | 'RO'
    | 'RS'
    | 'RU'
    | 'RW'
    | 'SA'
    | 'SB'
    | 'SC'
    | 'SD'
    | 'SE'
    | 'SG'
    | 'SH'
    | 'SI'
    | 'SJ'
    | 'SK'
    | 'SL'
    | 'SM'
    | 'SN'
    | 'SO'
    | 'SR'
    | 'SS'
    | 'ST'
    | 'SV'
    | 'SX'
    | 'SY'
    | 'SZ'
    | 'TA'
    | 'TC'
    | 'TD'
    | 'TG'
    | 'TH'
    | 'TJ'
    | 'TK'
    | 'TL'
    | 'TM'
    | 'TN'
    | 'TO'
    | 'TR'
    | 'TT'
    | 'TV'
    | 'TW'
    | 'TZ'
    | 'UA'
    | 'UG'
    | 'US'
    | 'UY'
    | 'UZ'
    | 'VA'
    | 'VC'
    | 'VE'
    | 'VG'
    | 'VI'
    | 'VN'
    | 'VU'
    | 'WF'
    | 'WS'
    | 'XK'
    | 'YE'
    | 'YT'
    | 'ZA'
    | 'ZM'
    | 'ZW'
}
/**
 * Whoever leaves the segment leaves the cohort with the next sync.
 */
export interface WrittenExitRemove {
  /**
   * Whoever leaves the segment leaves the cohort with the next sync.
   */
  rule: 'remove'
}
/**
 * Whoever leaves the segment stays in the cohort until the time is over. Coming back in the meantime lifts the hold.
 */
export interface WrittenExitSticky {
  /**
   * Whoever leaves the segment stays in the cohort for the time given by `for`, counted from `from`.
   */
  rule: 'sticky'
  /**
   * How long they stay, in minutes (m), hours (h) or days (d). They leave with the first sync at or after the end.
   */
  for: string
  /**
   * When the time starts. `entry`: when they entered the cohort, so it is a minimum stay. `exit`: when a sync first found that they had left the segment.
   */
  from: 'entry' | 'exit'
  /**
   * How long somebody removed from the cohort cannot come back, in minutes (m), hours (h) or days (d), counted from the removal. Default: they may come back at once.
   */
  no_reentry_for?: string
}
/**
 * Nobody is ever removed: the cohort only grows.
 */
export interface WrittenExitKeep {
  /**
   * Whoever was in the segment once stays in the cohort for ever.
   */
  rule: 'keep'
  /**
   * Why nobody is removed. Shown to every reviewer, so write the reason and not the rule.
   */
  because: string
}
/**
 * How long somebody belongs to the audience and how fresh its membership has to be.
 */
export interface WrittenTiming {
  /**
   * The time span the segment looks at, in minutes (m), hours (h) or days (d). It is the last part of `name`. The segment in Customer.io does the looking; muster compares and explains.
   */
  window: string
  /**
   * How long the segment waits before it takes somebody in, in minutes (m), hours (h) or days (d): the pause that spares a person who is just about to buy. Default: none.
   */
  buffer?: string
  /**
   * How often the membership is brought up to date, in minutes (m), hours (h) or days (d). Nothing is fresher than the schedule that runs `muster sync`. Every sync spends calls at both vendors.
   */
  sync_every: string
}
/**
 * Which tool messages these people over which channel. Reviewers use it to see where both tools would reach the same person. muster sends no message itself. Default: none declared.
 */
export interface WrittenChannels {
  /**
   * Channels that MoEngage uses for this audience. Default: none declared.
   *
   * Items: One channel of MoEngage.
   */
  moengage?: readonly (
    'push' | 'web_push' | 'in_app' | 'on_site' | 'cards' | 'email' | 'sms' | 'rcs' | 'whatsapp' | 'webhook'
  )[]
  /**
   * Channels that Customer.io uses for the same people. Default: none declared.
   *
   * Items: One channel of Customer.io.
   */
  customerio?: readonly ('email' | 'push' | 'in_app' | 'sms' | 'whatsapp' | 'slack' | 'webhook')[]
}
/**
 * Says that Customer.io and MoEngage, or two audiences, reach the same people on one channel on purpose, and who keeps them from messaging twice. Default: nobody does, and the same channel in both is an error.
 */
export interface WrittenCoordinated {
  /**
   * Who answers for it: a colleague's name or a team, never a customer.
   */
  by: string
  /**
   * How it is kept from becoming two messages to one person.
   */
  because: string
}
/**
 * How many messages a person may get from this audience. MoEngage keeps the cap, in the campaign; muster shows it to reviewers and compares it with the campaigns it can read. Default: no cap declared.
 */
export interface WrittenFrequencyCap {
  /**
   * The highest number of messages to one person within `per`. At least 1.
   */
  max: number
  /**
   * The time span that `max` counts in, in minutes (m), hours (h) or days (d).
   */
  per: string
}
/**
 * The testers only, everybody, or no change at all.
 */
export interface WrittenRolloutFull {
  /**
   * `qa`: only the workspace's testers are sent. `live`: everybody in the segment. `paused`: nobody is added or removed until the stage changes.
   */
  stage: 'qa' | 'live' | 'paused'
  /**
   * The share of people that is never sent, as a whole number from 0 to 50: the same people every time, so that you can measure what the messages are worth. Default: 0.
   */
  holdout_percent?: number
}
/**
 * A fixed share of the people first, to see that nothing breaks.
 */
export interface WrittenRolloutCanary {
  /**
   * Only `percent` of the people are sent: the same people every time, and 20 contains the 10.
   */
  stage: 'canary'
  /**
   * The share of people that is sent, as a whole number from 1 to 99. For everybody, use the stage `live`.
   */
  percent: number
  /**
   * The share of people that is never sent, as a whole number from 0 to 50: the same people every time, so that you can measure what the messages are worth. Default: 0.
   */
  holdout_percent?: number
}
/**
 * Limits on one sync. A sync that would go over one stops before it sends anything, and says its numbers. What you leave out comes from the workspace.
 */
export interface WrittenGuards {
  /**
   * The largest share of the cohort that one sync may remove, 0% to 100%. From 100,000 members half of it counts, from 1,000,000 a third. Default: the workspace's.
   */
  max_removal?: string
  /**
   * The largest share of the cohort that one sync may add to it; 100% lets it double. May be over 100%. From 100,000 members half of it counts, from 1,000,000 a third. Default: the workspace's.
   */
  max_growth?: string
  /**
   * The largest number of people the cohort may have. MoEngage supports 5,000,000. Default: the workspace's.
   */
  max_members?: number
  /**
   * Cohorts with fewer people than this are not judged by percentages: one of four leaving is not an incident. Up to ten times as many may enter one at once. Default: the workspace's.
   */
  floor?: number
  /**
   * The share of those to be added whom MoEngage must know, 0% to 100%, by a sample that is looked up before many are added at once. Below it nobody is added. Default: the workspace's.
   */
  min_match_rate?: string
}
/**
 * How many people this audience has on an ordinary day. Outside of it plans and reports say so; nothing is stopped by it. Default: not stated.
 */
export interface WrittenSize {
  /**
   * The fewest people it has on an ordinary day. 0 when it may be empty.
   */
  min: number
  /**
   * The most people it has on an ordinary day.
   */
  max: number
}
/**
 * How strict the rules of the playbook are for this audience alone. For one exception that ends some day, write a waiver instead. Default: the workspace's.
 */
export interface WrittenPolicy {
  /**
   * How strict every rule is that is not named beside it. `error` is the strictest setting. Default: what the workspace says.
   */
  all?: 'error' | 'warning' | 'off'
  /**
   * How strict `policy/naming` is. Its page is docs/rules/naming.md. Default: what `all` says, or else the workspace.
   */
  'policy/naming'?: 'error' | 'warning' | 'off'
  /**
   * How strict `policy/ownership` is. Its page is docs/rules/ownership.md. Default: what `all` says, or else the workspace.
   */
  'policy/ownership'?: 'error' | 'warning' | 'off'
  /**
   * How strict `policy/change-process` is. Its page is docs/rules/change-process.md. Default: what `all` says, or else the workspace.
   */
  'policy/change-process'?: 'error' | 'warning' | 'off'
  /**
   * How strict `policy/description` is. Its page is docs/rules/description.md. Default: what `all` says, or else the workspace.
   */
  'policy/description'?: 'error' | 'warning' | 'off'
  /**
   * How strict `policy/budget` is. Its page is docs/rules/budget.md. Default: what `all` says, or else the workspace.
   */
  'policy/budget'?: 'error' | 'warning' | 'off'
  /**
   * How strict `policy/unused` is. Its page is docs/rules/unused.md. Default: what `all` says, or else the workspace.
   */
  'policy/unused'?: 'error' | 'warning' | 'off'
  /**
   * How strict `policy/one-identifier` is. Its page is docs/rules/one-identifier.md. Default: what `all` says, or else the workspace.
   */
  'policy/one-identifier'?: 'error' | 'warning' | 'off'
  /**
   * How strict `policy/mutable-identifier` is. Its page is docs/rules/mutable-identifier.md. Default: what `all` says, or else the workspace.
   */
  'policy/mutable-identifier'?: 'error' | 'warning' | 'off'
  /**
   * How strict `policy/coverage` is. Its page is docs/rules/coverage.md. Default: what `all` says, or else the workspace.
   */
  'policy/coverage'?: 'error' | 'warning' | 'off'
  /**
   * How strict `policy/suppression-exit` is. Its page is docs/rules/suppression-exit.md. Default: what `all` says, or else the workspace.
   */
  'policy/suppression-exit'?: 'error' | 'warning' | 'off'
  /**
   * How strict `policy/sticky-exit` is. Its page is docs/rules/sticky-exit.md. Default: what `all` says, or else the workspace.
   */
  'policy/sticky-exit'?: 'error' | 'warning' | 'off'
  /**
   * How strict `policy/keep-exit` is. Its page is docs/rules/keep-exit.md. Default: what `all` says, or else the workspace.
   */
  'policy/keep-exit'?: 'error' | 'warning' | 'off'
  /**
   * How strict `policy/lateness` is. Its page is docs/rules/lateness.md. Default: what `all` says, or else the workspace.
   */
  'policy/lateness'?: 'error' | 'warning' | 'off'
  /**
   * How strict `policy/schedule` is. Its page is docs/rules/schedule.md. Default: what `all` says, or else the workspace.
   */
  'policy/schedule'?: 'error' | 'warning' | 'off'
  /**
   * How strict `policy/double-touch` is. Its page is docs/rules/double-touch.md. Default: what `all` says, or else the workspace.
   */
  'policy/double-touch'?: 'error' | 'warning' | 'off'
  /**
   * How strict `policy/overlap` is. Its page is docs/rules/overlap.md. Default: what `all` says, or else the workspace.
   */
  'policy/overlap'?: 'error' | 'warning' | 'off'
  /**
   * How strict `policy/suppression-layer` is. Its page is docs/rules/suppression-layer.md. Default: what `all` says, or else the workspace.
   */
  'policy/suppression-layer'?: 'error' | 'warning' | 'off'
  /**
   * How strict `policy/suppression-live` is. Its page is docs/rules/suppression-live.md. Default: what `all` says, or else the workspace.
   */
  'policy/suppression-live'?: 'error' | 'warning' | 'off'
  /**
   * How strict `policy/suppression-cadence` is. Its page is docs/rules/suppression-cadence.md. Default: what `all` says, or else the workspace.
   */
  'policy/suppression-cadence'?: 'error' | 'warning' | 'off'
  /**
   * How strict `policy/suppressed-suppression` is. Its page is docs/rules/suppressed-suppression.md. Default: what `all` says, or else the workspace.
   */
  'policy/suppressed-suppression'?: 'error' | 'warning' | 'off'
  /**
   * How strict `policy/app-aware` is. Its page is docs/rules/app-aware.md. Default: what `all` says, or else the workspace.
   */
  'policy/app-aware'?: 'error' | 'warning' | 'off'
  /**
   * How strict `policy/qa-testers` is. Its page is docs/rules/qa-testers.md. Default: what `all` says, or else the workspace.
   */
  'policy/qa-testers'?: 'error' | 'warning' | 'off'
  /**
   * How strict `policy/qa-first` is. Its page is docs/rules/qa-first.md. Default: what `all` says, or else the workspace.
   */
  'policy/qa-first'?: 'error' | 'warning' | 'off'
  /**
   * How strict `policy/canary-steps` is. Its page is docs/rules/canary-steps.md. Default: what `all` says, or else the workspace.
   */
  'policy/canary-steps'?: 'error' | 'warning' | 'off'
  /**
   * How strict `policy/skipped-step` is. Its page is docs/rules/skipped-step.md. Default: what `all` says, or else the workspace.
   */
  'policy/skipped-step'?: 'error' | 'warning' | 'off'
  /**
   * How strict `policy/frequency-cap` is. Its page is docs/rules/frequency-cap.md. Default: what `all` says, or else the workspace.
   */
  'policy/frequency-cap'?: 'error' | 'warning' | 'off'
  /**
   * How strict `policy/monitoring` is. Its page is docs/rules/monitoring.md. Default: what `all` says, or else the workspace.
   */
  'policy/monitoring'?: 'error' | 'warning' | 'off'
  /**
   * How strict `policy/size` is. Its page is docs/rules/size.md. Default: what `all` says, or else the workspace.
   */
  'policy/size'?: 'error' | 'warning' | 'off'
}
/**
 * One rule that is not asked for as long as it says.
 */
export interface WrittenWaiver {
  /**
   * Code of the rule, as it is printed with each finding.
   */
  rule:
    | 'policy/naming'
    | 'policy/ownership'
    | 'policy/change-process'
    | 'policy/description'
    | 'policy/budget'
    | 'policy/unused'
    | 'policy/one-identifier'
    | 'policy/mutable-identifier'
    | 'policy/coverage'
    | 'policy/suppression-exit'
    | 'policy/sticky-exit'
    | 'policy/keep-exit'
    | 'policy/lateness'
    | 'policy/schedule'
    | 'policy/double-touch'
    | 'policy/overlap'
    | 'policy/suppression-layer'
    | 'policy/suppression-live'
    | 'policy/suppression-cadence'
    | 'policy/suppressed-suppression'
    | 'policy/app-aware'
    | 'policy/qa-testers'
    | 'policy/qa-first'
    | 'policy/canary-steps'
    | 'policy/skipped-step'
    | 'policy/frequency-cap'
    | 'policy/monitoring'
    | 'policy/size'
  /**
   * Who answers for it: a colleague's name, never a customer's.
   */
  by: string
  /**
   * Why the rule does not fit here for now. Shown to every reviewer.
   */
  because: string
  /**
   * The last day on which it counts, in UTC, as year, month and day. After it the rule speaks again, and the waiver itself is an error.
   */
  until: string
}
