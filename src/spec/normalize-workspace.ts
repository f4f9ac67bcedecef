import type { IdentifierRule, Intent, MembershipLimits } from '../model/audience.ts'
import type {
  WrittenAlerts,
  WrittenCustomerio,
  WrittenEnvironment,
  WrittenMoengage,
  WrittenStore,
  WrittenWorkspace,
} from '../model/generated/workspace.ts'
import type { AlertRules, Environment, StoreTarget, Workspace } from '../model/workspace.ts'
import { normalizeIdentifier, normalizeLimits, readDuration, readPercent } from './normalize.ts'

const DEFAULT_STORE = 'duckdb:.muster/{env}.duckdb'
const DEFAULT_IDENTIFIER: IdentifierRule = { key: { kind: 'id' }, minCoverage: 0.95 }
const DEFAULT_NAMING: Readonly<Record<Intent, string>> = {
  activation: 'ACT',
  suppression: 'SUP',
  orchestration: 'ORC',
  qa: 'QA',
}
const DEFAULT_LIMITS: MembershipLimits = {
  maxRemoval: 0.3,
  maxGrowth: 1,
  maxMembers: 5_000_000,
  floor: 100,
  minMatchRate: 0.5,
}

/** What a valid `workspace.yaml` means. Every default of a workspace stands here and nowhere else. */
export const normalizeWorkspace = (written: WrittenWorkspace): Workspace => ({
  name: written.name,
  partner: written.partner,
  environments: new Map(
    Object.entries(written.environments).map(([name, environment]) => [
      name,
      normalizeEnvironment(name, environment),
    ]),
  ),
  store: normalizeStore(written.store ?? DEFAULT_STORE),
  identifier: normalizeIdentifier(written.identifier, DEFAULT_IDENTIFIER),
  naming: { ...DEFAULT_NAMING, ...written.naming },
  budget: { synced: written.budget?.synced ?? 12, warnAbove: written.budget?.warn_above ?? 6 },
  suppressedBy: written.suppressed_by ?? [],
  ...(written.in_app_active === undefined ? {} : { inAppActive: written.in_app_active }),
  maxOverlap: readPercent(written.max_overlap ?? '20%'),
  canarySteps: (written.canary_steps ?? [5, 10, 20, 50]).toSorted((a, b) => a - b),
  limits: normalizeLimits(written.guards, DEFAULT_LIMITS),
  rates: {
    moengagePerMinute: written.rate?.moengage_per_minute ?? 240,
    customerioPerSecond: written.rate?.customerio_per_second ?? 8,
  },
  schedule: { lateByMs: readDuration(written.schedule?.late_by ?? '30m') },
  reassert: {
    everyMs: readDuration(written.reassert?.every ?? '7d'),
    callsPerRun: written.reassert?.calls_per_run ?? 600,
  },
  qa: { testers: written.qa?.testers ?? [], isRequired: written.qa?.required ?? false },
  allow: written.allow ?? [],
  forget: written.forget ?? [],
  teams: new Map(Object.entries(written.teams ?? {})),
  alerts: normalizeAlerts(written.alerts),
  policy: new Map(Object.entries(written.policy ?? {})),
  waivers: written.waivers ?? [],
})

const normalizeEnvironment = (name: string, { customerio, moengage }: WrittenEnvironment): Environment => ({
  name,
  customerio: normalizeCustomerio(customerio),
  moengage: normalizeMoengage(moengage),
})

const normalizeCustomerio = (written: WrittenCustomerio): Environment['customerio'] => ({
  region: written.region,
  appKeyEnv: written.app_key_env,
  ...normalizeTrack(written),
  ...(written.base_url === undefined ? {} : { baseUrl: written.base_url }),
})

const normalizeTrack = (written: WrittenCustomerio): Pick<Environment['customerio'], 'track'> => {
  const { track_site_id_env: siteIdEnv, track_api_key_env: apiKeyEnv } = written
  return siteIdEnv === undefined || apiKeyEnv === undefined ? {} : { track: { siteIdEnv, apiKeyEnv } }
}

const normalizeMoengage = (written: WrittenMoengage): Environment['moengage'] => ({
  dataCenter: written.data_center,
  workspaceId: written.workspace_id,
  dataKeyEnv: written.data_key_env,
  ...(written.db_name === undefined ? {} : { dbName: written.db_name }),
  ...(written.base_url === undefined ? {} : { baseUrl: written.base_url }),
})

const normalizeAlerts = (written: WrittenAlerts | undefined): AlertRules => ({
  githubIssue: written?.github_issue ?? false,
  ...(written?.webhook_env === undefined ? {} : { webhookEnv: written.webhook_env }),
  swing: readPercent(written?.swing ?? '25%'),
  ...(written?.swing_people === undefined ? {} : { swingPeople: written.swing_people }),
  coverageFall: readPercent(written?.coverage_fall ?? '3%'),
})

const normalizeStore = (written: WrittenStore): StoreTarget =>
  typeof written === 'string'
    ? { kind: 'duckdb', path: written.slice('duckdb:'.length) }
    : { kind: 'postgres', urlEnv: written.postgres.url_env }
