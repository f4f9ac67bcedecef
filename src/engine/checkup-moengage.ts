import type { Check } from '../model/checkup.ts'
import type { RecordedState } from '../model/recorded.ts'
import type { Instant } from '../model/time.ts'
import { formatAge } from '../model/time.ts'
import type { Environment, Workspace } from '../model/workspace.ts'
import {
  type DestinationReader,
  type DestinationSegment,
  MOST_USERS_PER_LOOKUP,
  type UserLookup,
} from '../ports.ts'
import { check, describeRefusal, type Opened, ok, trouble, unchecked } from './checkup.ts'

export interface MoengageCheckup {
  readonly environment: Environment
  readonly workspace: Workspace
  readonly destination: Opened<DestinationReader>
  readonly users: Opened<UserLookup>
  readonly recorded: RecordedState
  readonly now: Instant
}

/**
 * Key, workspace and data center, and each category of the API firewall: a machine may be let in for one and kept out
 * of the next. Source: vendors' fact sheet for MoEngage, section 1.3.
 */
export const examineMoengage = async (input: MoengageCheckup): Promise<readonly Check[]> => {
  if (input.destination.kind === 'refused') {
    return [describeRefusal('moengage-key', input.destination.failure), ...unopened(), checkCohortSync(input)]
  }
  const destination = input.destination.port
  let segments: readonly DestinationSegment[] = []
  const key = await check('moengage-key', async () => {
    segments = await destination.listSegments()
    const { dataKeyEnv, workspaceId, dataCenter } = input.environment.moengage
    return ok(
      'moengage-key',
      `${dataKeyEnv} opens ${workspaceId} in data center ${dataCenter}, firewall category Segmentation: ${segments.length} segments are listed`,
    )
  })
  const workspace =
    key.verdict === 'ok' ? checkWorkspace(input, segments) : unchecked('moengage-workspace', KEY_FIRST)
  // A key that is not accepted is not accepted anywhere; kept out of one category, one may be let in for the next.
  if (key.code === 'provider/auth' || key.code === 'provider/blocked')
    return [key, ...unopened(), checkCohortSync(input)]
  return [key, workspace, ...(await checkUsers(input)), checkCohortSync(input)]
}

const unopened = (): readonly Check[] =>
  (['moengage-workspace', 'moengage-users', 'testers'] as const).map(subject => unchecked(subject, KEY_FIRST))

const KEY_FIRST = 'not checked: the key comes first'

/** MoEngage does not say whose a key is. What was recorded there is recognised, or it is not. */
const checkWorkspace = (
  { environment, recorded }: MoengageCheckup,
  segments: readonly DestinationSegment[],
): Check => {
  const { workspaceId } = environment.moengage
  if (environment.name === 'live' && workspaceId.endsWith(TEST_SUFFIX))
    return trouble(
      'moengage-workspace',
      `environment "live" names ${workspaceId}, MoEngage's test environment`,
      `take the workspace id without ${TEST_SUFFIX}, or call the environment something else`,
    )
  const listed = new Set(segments.map(({ remoteId }) => remoteId))
  const known = [...recorded.objects.values()].filter(
    ({ kind, remoteId }) => kind === 'cohort' && remoteId !== undefined,
  )
  const missing = known.filter(({ remoteId }) => !listed.has(String(remoteId)))
  if (known.length === 0)
    return ok('moengage-workspace', `${workspaceId}; nothing is recorded yet that it could be recognised by`)
  if (missing.length === 0)
    return ok(
      'moengage-workspace',
      `${workspaceId} lists ${known.length} of ${known.length} recorded cohorts`,
    )
  return trouble(
    'moengage-workspace',
    `${workspaceId} lists ${known.length - missing.length} of ${known.length} recorded cohorts`,
    missing.length === known.length
      ? 'check that workspace_id and store belong together; else muster plan shows what was lost'
      : 'muster plan: it shows what was lost, and what becomes of it',
  )
}

/** How MoEngage marks the workspace id of a test environment. */
const TEST_SUFFIX = '_DEBUG'

/** Somebody who is nobody: looked up where there are no testers, to see whether a look-up is let in. */
const NOBODY = 'muster-doctor'

/** Get User is let in by another category than segments are. Testers that MoEngage does not know get no message. */
const checkUsers = async ({ workspace, users }: MoengageCheckup): Promise<readonly Check[]> => {
  if (users.kind === 'refused')
    return [describeRefusal('moengage-users', users.failure), unchecked('testers', UNKNOWN_TESTERS)]
  const testers = workspace.qa.testers.slice(0, MOST_USERS_PER_LOOKUP)
  let known = 0
  const access = await check('moengage-users', async () => {
    known = (await users.port.countKnown(testers.length > 0 ? testers : [NOBODY])) ?? 0
    return ok('moengage-users', 'users can be looked up, firewall category Data')
  })
  if (access.verdict !== 'ok') return [access, unchecked('testers', UNKNOWN_TESTERS)]
  return [access, judgeTesters(testers.length, known)]
}

const UNKNOWN_TESTERS = 'not checked: users could not be looked up'

const judgeTesters = (testers: number, known: number): Check => {
  if (testers === 0) return unchecked('testers', 'workspace.yaml names none under qa')
  if (known === testers) return ok('testers', `MoEngage knows all ${testers} that were looked up`)
  return trouble(
    'testers',
    `MoEngage knows ${known} of ${testers} testers`,
    'write their identifiers under qa.testers as MoEngage has them, or have them log in to the app once',
  )
}

/** Nothing but a write tells whether a write is let in, so the last one that was accepted has to do. */
const checkCohortSync = ({ recorded, now }: MoengageCheckup): Check => {
  const last = [...recorded.synced.values()].sort().at(-1)
  if (last === undefined)
    return unchecked(
      'moengage-cohort-sync',
      'not checked: only a write could tell whether firewall category Partner Integration lets it in; the first apply will',
    )
  return ok('moengage-cohort-sync', `members were last accepted for a whole sync ${describeAgo(last, now)}`)
}

const describeAgo = (at: Instant, now: Instant): string => {
  const age = formatAge(at, now)
  return age === 'just now' ? age : `${age} ago`
}
