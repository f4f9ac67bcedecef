// Generated from schema/workspace.schema.json. Do not edit: change the schema and run `npm run generate`.

/**
 * Where muster remembers whom it sent: a DuckDB file, or a PostgreSQL database that a team and its CI share. Whoever can read it can read identifiers of people. Default: duckdb:.muster/{env}.duckdb.
 */
export type WrittenStore = WrittenStorePostgres | string
/**
 * The value of a person in Customer.io that equals their unique user id in MoEngage, letter for letter: `id`, `email`, `cio_id`, or `{ attribute: name }`. An attribute that holds phone numbers can be brought into one form. People without it are counted and skipped. Default: id.
 */
export type WrittenIdentifierKey = WrittenIdentifierAttribute | ('id' | 'email' | 'cio_id')

/**
 * What all audiences of this folder share: the two accounts they connect, and the defaults and limits they live under. Written once, in audiences/workspace.yaml.
 */
export interface WrittenWorkspace {
  /**
   * What you call this set of audiences, as lower-case words joined by hyphens. Shown at the head of every plan.
   */
  name: string
  /**
   * The name muster gives itself in every Cohort Sync call to MoEngage. Choose it once and never change it: MoEngage may not recognise its cohorts otherwise. Letters, digits, _ and - only, at most 60 characters.
   */
  partner: string
  /**
   * The pairs of accounts muster can work with, by a name of your choice. `--env` picks one; without it, `live` is meant. At least one.
   */
  environments: {
    [k: string]: WrittenEnvironment
  }
  store?: WrittenStore
  identifier?: WrittenIdentifier
  naming?: WrittenNaming
  budget?: WrittenBudget
  /**
   * Ids of audiences whose people no activation may message: a layer below every audience with the intent `activation`, added to what it names itself. At most 9 together. Default: none.
   *
   * @maxItems 9
   *
   * Items: Id of an audience in this folder.
   */
  suppressed_by?: readonly string[]
  /**
   * Id of the audience of people who are using the app right now. Whoever is must not get a push that asks them to. Default: none, and a warning where push is used.
   */
  in_app_active?: string
  /**
   * How many of the smaller audience's people two activations on one channel may share, 0% to 100%, measured from what was synced. Default: 20%.
   */
  max_overlap?: string
  /**
   * The percentages that a canary goes through on its way to live, rising. Default: 5, 10, 20 and 50.
   *
   * @minItems 1
   *
   * Items: Percent of the people, 1 to 99.
   */
  canary_steps?: readonly number[]
  guards?: WrittenGuards
  rate?: WrittenRate
  schedule?: WrittenSchedule
  reassert?: WrittenReassert
  qa?: WrittenQa
  /**
   * The teams that may own audiences, by name. When teams are listed, an audience's owner.team must be one of them. Default: none, and any team name is taken.
   */
  teams?: {
    [k: string]: WrittenTeam
  }
  alerts?: WrittenAlerts
  /**
   * Guards that somebody lets pass, each with a name, a reason and an end, so that they are reviewed like any other line. Default: none.
   */
  allow?: readonly WrittenOverride[]
  /**
   * Ids of audiences that muster lets go of. Their files are gone, and so is what muster remembers of them; nothing in MoEngage or Customer.io is touched, and nobody is removed. May be taken out again once it is applied. Default: none.
   *
   * Items: Id of an audience that has no file any more.
   */
  forget?: readonly string[]
  policy?: WrittenPolicy
  /**
   * Rules of the playbook that a person lets be broken in this workspace, with a reason and a last day. Default: none.
   *
   * @maxItems 50
   */
  waivers?: readonly WrittenWaiver[]
}
/**
 * One Customer.io workspace and the one MoEngage workspace it feeds.
 */
export interface WrittenEnvironment {
  customerio: WrittenCustomerio
  moengage: WrittenMoengage
}
/**
 * The Customer.io workspace to read. Keys stand in environment variables; only the variables' names are written here.
 */
export interface WrittenCustomerio {
  /**
   * Where the account lives: `us` or `eu`. The wrong one is answered as if the key were wrong.
   */
  region: 'us' | 'eu'
  /**
   * Name of the environment variable that holds the App API key. Never the key itself.
   */
  app_key_env: string
  /**
   * Name of the environment variable that holds the Track API's site id. Needed, together with track_api_key_env, for manual segments only. Default: none.
   */
  track_site_id_env?: string
  /**
   * Name of the environment variable that holds the Track API key. Needed, together with track_site_id_env, for manual segments only. Default: none.
   */
  track_api_key_env?: string
  /**
   * Where to reach Customer.io instead of its own address: an emulator or a proxy. No credentials and no slash at the end. Default: the region's own address.
   */
  base_url?: string
}
/**
 * The MoEngage workspace to write to. Keys stand in environment variables; only the variables' names are written here.
 */
export interface WrittenMoengage {
  /**
   * The number in the dashboard's address: dashboard-01.moengage.com is "01". In quotes, or YAML reads a number.
   */
  data_center: '01' | '02' | '03' | '04' | '05' | '06' | '101'
  /**
   * MoEngage's id of the workspace (App ID in older dashboards). The test environment has an id of its own.
   */
  workspace_id: string
  /**
   * Name of the environment variable that holds the key of the Data tile. Cohorts and segments are written with it. Never the key itself.
   */
  data_key_env: string
  /**
   * The workspace's database name, for accounts whose segment calls ask for it. Default: not sent.
   */
  db_name?: string
  /**
   * Name of the environment variable that holds a key that may view campaigns. With it, muster can say which campaigns use an audience. Default: none, and campaigns are not read.
   */
  campaigns_key_env?: string
  /**
   * Where to reach MoEngage instead of its own address: an emulator or a proxy. No credentials and no slash at the end. Default: the data center's own address.
   */
  base_url?: string
}
/**
 * A PostgreSQL database, reached by a URL that stands in an environment variable.
 */
export interface WrittenStorePostgres {
  postgres: WrittenPostgres
}
/**
 * How to reach the database.
 */
export interface WrittenPostgres {
  /**
   * Name of the environment variable that holds the database's URL. Never the URL itself: it holds a password.
   */
  url_env: string
}
/**
 * How a person in Customer.io is recognised in MoEngage, unless an audience says otherwise. Default: { key: id, min_coverage: 95% }.
 */
export interface WrittenIdentifier {
  key?: WrittenIdentifierKey
  /**
   * The share of a segment's people who must carry the identifier, 0% to 100%. Below it a sync stops, because the rest would be missing from MoEngage without a word. Default: 95%.
   */
  min_coverage?: string
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
 * The first part of a cohort's name, by the audience's intent: <purpose>__<UseCase>__<window>. Default: ACT, SUP, ORC and QA.
 */
export interface WrittenNaming {
  /**
   * First part of the name of an audience that gets messages. Default: ACT.
   */
  activation?: string
  /**
   * First part of the name of an audience that must not get messages. Default: SUP.
   */
  suppression?: string
  /**
   * First part of the name of an audience that several journeys ask about. Default: ORC.
   */
  orchestration?: string
  /**
   * First part of the name of an audience of testers. Default: QA.
   */
  qa?: string
}
/**
 * How many synced audiences the workspace may have. Each one costs calls, and somebody's attention. Default: { synced: 12, warn_above: 6 }.
 */
export interface WrittenBudget {
  /**
   * The most audiences that may be synced. One more is an error. Default: 12.
   */
  synced?: number
  /**
   * More audiences than this are a warning, so that the talk starts before the limit does. Default: 6.
   */
  warn_above?: number
}
/**
 * Limits on one sync of one audience, unless the audience says otherwise. A sync that would go over one stops before it sends anything, and says its numbers. Default: { max_removal: 30%, max_growth: 100%, floor: 100, max_members: 5000000, min_match_rate: 50% }.
 */
export interface WrittenGuards {
  /**
   * The largest share of a cohort that one sync may remove, 0% to 100%. From 100,000 members half of it counts, from 1,000,000 a third. Default: 30%.
   */
  max_removal?: string
  /**
   * The largest share of a cohort that one sync may add to it; 100% lets it double. May be over 100%. From 100,000 members half of it counts, from 1,000,000 a third. Default: 100%.
   */
  max_growth?: string
  /**
   * Cohorts with fewer people than this are not judged by percentages: one of four leaving is not an incident. Up to ten times as many may enter one at once. Default: 100.
   */
  floor?: number
  /**
   * The largest number of people a cohort may have. Default: 5000000, the most that MoEngage supports.
   */
  max_members?: number
  /**
   * The share of those to be added whom MoEngage must know, 0% to 100%, by a sample that is looked up before many are added at once. Below it nobody is added, because MoEngage skips whom it does not know without a word. Default: 50%.
   */
  min_match_rate?: string
}
/**
 * How fast muster may call the vendors. Their limits are shared with every other tool of yours, so leave some room. Default: { moengage_per_minute: 240, customerio_per_second: 8 }.
 */
export interface WrittenRate {
  /**
   * Cohort Sync calls in a minute, 1 to 300, which is MoEngage's own limit for a workspace. Default: 240.
   */
  moengage_per_minute?: number
  /**
   * App API calls in a second, 1 to 10, which is Customer.io's own limit. Default: 8.
   */
  customerio_per_second?: number
}
/**
 * What starts the syncs. Default: GitHub's own schedule.
 */
export interface WrittenSchedule {
  /**
   * How late a sync may begin, in minutes (m), hours (h) or days (d). GitHub's own schedule is late by 5 to 30 minutes; a scheduler of your own hardly is. Default: 30m.
   */
  late_by?: string
}
/**
 * How often all members of each cohort are sent again. MoEngage loses members without a word, by merges, deletions and archiving, and gives no list of them. Default: { every: 7d, calls_per_run: 600 }.
 */
export interface WrittenReassert {
  /**
   * Time after which a sync begins to send all members of a cohort again. What one sync does not finish, the next one goes on with. Default: 7d.
   */
  every?: string
  /**
   * The most calls that one sync makes for this, all audiences together, after everything else was sent. A call holds some 4,800 members. `sync --full` has no such limit. Default: 600.
   */
  calls_per_run?: number
}
/**
 * Who tests an audience before it goes live, and whether that is a duty. Default: no testers, not required.
 */
export interface WrittenQa {
  /**
   * Identifiers of your own people, of the kind the workspace's identifier.key names. In the stage `qa` only they are sent. Never write a customer here: this file is read by everybody. Default: none.
   *
   * Items: Identifier of one tester.
   */
  testers?: readonly string[]
  /**
   * true: an audience may go to `canary` or `live` only when a sync in the stage `qa` has sent testers from the same segment under the same identifier, and nothing stopped it. Audiences with the intent `qa` are exempt. Default: false.
   */
  required?: boolean
}
/**
 * One team that may own audiences.
 */
export interface WrittenTeam {
  /**
   * E-mail address that reaches the team, better a list than a person.
   */
  contact: string
  /**
   * GitHub users or teams that may approve changes for this team. At least one.
   *
   * @minItems 1
   *
   * Items: A GitHub user (@name) or team (@organisation/team).
   */
  approvers: readonly string[]
}
/**
 * What `muster monitor` takes for trouble, such as a refused sync or counts that swing, and who hears of it. Default: nobody but the log.
 */
export interface WrittenAlerts {
  /**
   * true keeps one issue per environment up to date in this repository. Default: false.
   */
  github_issue?: boolean
  /**
   * Name of the environment variable that holds the address alerts are posted to, a Slack webhook for example. Default: none.
   */
  webhook_env?: string
  /**
   * By how much members, or people in the segment, may differ from yesterday and from the mean of the last seven runs. Changes below the floor of the audience's guards never count. Default: 25%.
   */
  swing?: string
  /**
   * A change of more people than that counts, whatever share of the audience they are. Default: none.
   */
  swing_people?: number
  /**
   * By how many points the share of people who carry the identifier may fall below the mean of the last seven runs. Default: 3%.
   */
  coverage_fall?: string
}
/**
 * One guard that does not stop a plan for as long as it says.
 */
export interface WrittenOverride {
  /**
   * Which guard. `mass-retirement`: many audiences are retired at once. `identifier-change`: another identifier exchanges every member. `case-twin`: a name differs in case only from one that exists. `segment-limit`: the MoEngage workspace runs out of segments. `no-qa-evidence`: an audience goes live that was not tried by its testers. No other guard can be let pass.
   */
  guard: 'mass-retirement' | 'identifier-change' | 'case-twin' | 'segment-limit' | 'no-qa-evidence'
  /**
   * The audience it is let pass for, which may be one that is being retired. Default: the whole workspace.
   */
  audience?: string
  /**
   * Who answers for it: a colleague's name, never a customer's.
   */
  by: string
  /**
   * Why it is right this time. Shown to every reviewer and kept in the journal.
   */
  because: string
  /**
   * The last day on which it counts, in UTC, as year, month and day. After it, plans warn of it and the guard stops them again.
   */
  until: string
}
/**
 * How strict the rules of the playbook are, for every audience of this workspace. For one exception that ends some day, write a waiver instead. Default: each rule's own severity.
 */
export interface WrittenPolicy {
  /**
   * How strict every rule is that is not named beside it. `error` is the strictest setting. Default: each rule's own severity.
   */
  all?: 'error' | 'warning' | 'off'
  /**
   * How strict `policy/naming` is. Its page is docs/rules/naming.md. Default: what `all` says, or else its own severity.
   */
  'policy/naming'?: 'error' | 'warning' | 'off'
  /**
   * How strict `policy/ownership` is. Its page is docs/rules/ownership.md. Default: what `all` says, or else its own severity.
   */
  'policy/ownership'?: 'error' | 'warning' | 'off'
  /**
   * How strict `policy/change-process` is. Its page is docs/rules/change-process.md. Default: what `all` says, or else its own severity.
   */
  'policy/change-process'?: 'error' | 'warning' | 'off'
  /**
   * How strict `policy/description` is. Its page is docs/rules/description.md. Default: what `all` says, or else its own severity.
   */
  'policy/description'?: 'error' | 'warning' | 'off'
  /**
   * How strict `policy/budget` is. Its page is docs/rules/budget.md. Default: what `all` says, or else its own severity.
   */
  'policy/budget'?: 'error' | 'warning' | 'off'
  /**
   * How strict `policy/unused` is. Its page is docs/rules/unused.md. Default: what `all` says, or else its own severity.
   */
  'policy/unused'?: 'error' | 'warning' | 'off'
  /**
   * How strict `policy/one-identifier` is. Its page is docs/rules/one-identifier.md. Default: what `all` says, or else its own severity.
   */
  'policy/one-identifier'?: 'error' | 'warning' | 'off'
  /**
   * How strict `policy/mutable-identifier` is. Its page is docs/rules/mutable-identifier.md. Default: what `all` says, or else its own severity.
   */
  'policy/mutable-identifier'?: 'error' | 'warning' | 'off'
  /**
   * How strict `policy/coverage` is. Its page is docs/rules/coverage.md. Default: what `all` says, or else its own severity.
   */
  'policy/coverage'?: 'error' | 'warning' | 'off'
  /**
   * How strict `policy/suppression-exit` is. Its page is docs/rules/suppression-exit.md. Default: what `all` says, or else its own severity.
   */
  'policy/suppression-exit'?: 'error' | 'warning' | 'off'
  /**
   * How strict `policy/sticky-exit` is. Its page is docs/rules/sticky-exit.md. Default: what `all` says, or else its own severity.
   */
  'policy/sticky-exit'?: 'error' | 'warning' | 'off'
  /**
   * How strict `policy/keep-exit` is. Its page is docs/rules/keep-exit.md. Default: what `all` says, or else its own severity.
   */
  'policy/keep-exit'?: 'error' | 'warning' | 'off'
  /**
   * How strict `policy/lateness` is. Its page is docs/rules/lateness.md. Default: what `all` says, or else its own severity.
   */
  'policy/lateness'?: 'error' | 'warning' | 'off'
  /**
   * How strict `policy/schedule` is. Its page is docs/rules/schedule.md. Default: what `all` says, or else its own severity.
   */
  'policy/schedule'?: 'error' | 'warning' | 'off'
  /**
   * How strict `policy/double-touch` is. Its page is docs/rules/double-touch.md. Default: what `all` says, or else its own severity.
   */
  'policy/double-touch'?: 'error' | 'warning' | 'off'
  /**
   * How strict `policy/overlap` is. Its page is docs/rules/overlap.md. Default: what `all` says, or else its own severity.
   */
  'policy/overlap'?: 'error' | 'warning' | 'off'
  /**
   * How strict `policy/suppression-layer` is. Its page is docs/rules/suppression-layer.md. Default: what `all` says, or else its own severity.
   */
  'policy/suppression-layer'?: 'error' | 'warning' | 'off'
  /**
   * How strict `policy/suppression-live` is. Its page is docs/rules/suppression-live.md. Default: what `all` says, or else its own severity.
   */
  'policy/suppression-live'?: 'error' | 'warning' | 'off'
  /**
   * How strict `policy/suppression-cadence` is. Its page is docs/rules/suppression-cadence.md. Default: what `all` says, or else its own severity.
   */
  'policy/suppression-cadence'?: 'error' | 'warning' | 'off'
  /**
   * How strict `policy/suppressed-suppression` is. Its page is docs/rules/suppressed-suppression.md. Default: what `all` says, or else its own severity.
   */
  'policy/suppressed-suppression'?: 'error' | 'warning' | 'off'
  /**
   * How strict `policy/app-aware` is. Its page is docs/rules/app-aware.md. Default: what `all` says, or else its own severity.
   */
  'policy/app-aware'?: 'error' | 'warning' | 'off'
  /**
   * How strict `policy/qa-testers` is. Its page is docs/rules/qa-testers.md. Default: what `all` says, or else its own severity.
   */
  'policy/qa-testers'?: 'error' | 'warning' | 'off'
  /**
   * How strict `policy/qa-first` is. Its page is docs/rules/qa-first.md. Default: what `all` says, or else its own severity.
   */
  'policy/qa-first'?: 'error' | 'warning' | 'off'
  /**
   * How strict `policy/canary-steps` is. Its page is docs/rules/canary-steps.md. Default: what `all` says, or else its own severity.
   */
  'policy/canary-steps'?: 'error' | 'warning' | 'off'
  /**
   * How strict `policy/skipped-step` is. Its page is docs/rules/skipped-step.md. Default: what `all` says, or else its own severity.
   */
  'policy/skipped-step'?: 'error' | 'warning' | 'off'
  /**
   * How strict `policy/frequency-cap` is. Its page is docs/rules/frequency-cap.md. Default: what `all` says, or else its own severity.
   */
  'policy/frequency-cap'?: 'error' | 'warning' | 'off'
  /**
   * How strict `policy/monitoring` is. Its page is docs/rules/monitoring.md. Default: what `all` says, or else its own severity.
   */
  'policy/monitoring'?: 'error' | 'warning' | 'off'
  /**
   * How strict `policy/size` is. Its page is docs/rules/size.md. Default: what `all` says, or else its own severity.
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
   * The audience that the rule is waived for. Default: all of them, and the workspace.
   */
  audience?: string
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
