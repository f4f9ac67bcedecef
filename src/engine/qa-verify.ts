import type { Audience } from '../model/audience.ts'
import type { Check, QaSubject } from '../model/checkup.ts'
import type { SyncEnd } from '../model/outcome.ts'
import type { QaEvidence, RecordedState } from '../model/recorded.ts'
import { cohortAddress, sendableAddress } from '../plan/address.ts'
import { check, ok, trouble, unchecked } from './checkup.ts'
import type { Run } from './run.ts'
import { syncAudiences } from './sync.ts'

/** What came of sending an audience to its testers. */
export interface QaRun {
  readonly end: SyncEnd
  readonly checks: readonly Check<QaSubject>[]
  /** Absent: something stood in the way, and nothing was recorded. */
  readonly evidence?: QaEvidence
}

/**
 * Sends testers as every sync does, all of them again, and looks at what can be looked at. Whether a message arrives on
 * somebody's phone is for a person to see.
 */
export const runQa = async (run: Run, audience: Audience, audiences: readonly Audience[]): Promise<QaRun> => {
  const { id } = audience
  const end = await syncAudiences(run, audiences, { only: new Set([id]), allow: [], full: true })
  const state = await run.store.readState()
  const latest = state.evidence.get(id)
  const evidence = latest?.runId === run.runId ? latest : undefined
  run.reporter.report({ subject: id, phase: 'verify', done: 0 })
  return {
    end,
    checks: [
      describeSync(end),
      ...(evidence ? describeTesters(evidence) : []),
      ...(await checkObjects(run, audience, state)),
    ],
    ...(evidence ? { evidence } : {}),
  }
}

const describeSync = ({ reports }: SyncEnd): Check<QaSubject> => {
  const [report] = reports
  if (!report) return unchecked('sync', 'nothing was synced')
  const { result, failure, note, findings } = report
  if (failure) return trouble('sync', failure.detail, failure.hint ?? `muster explain ${failure.code}`)
  if (result.refused.length > 0)
    return trouble(
      'sync',
      `stopped by ${result.refused.join(', ')}`,
      `muster explain guard/${result.refused[0]}`,
    )
  if (note !== undefined)
    return trouble('sync', `not synced: ${note}`, findings[0]?.hint ?? 'muster plan shows what is missing')
  return ok('sync', `${result.wanted} wanted, ${result.added} added, ${result.again ?? 0} sent again`)
}

const describeTesters = ({ testers = 0, accepted, resolved }: QaEvidence): readonly Check<QaSubject>[] => [
  accepted < testers
    ? ok(
        'testers',
        `${accepted} of ${testers} are in the segment and were accepted; the others will get nothing`,
      )
    : ok('testers', `all ${testers} were accepted`),
  describeKnown(testers, resolved),
]

/** MoEngage accepts identifiers that it does not know, and sends them nothing. */
const describeKnown = (testers: number, resolved: number | undefined): Check<QaSubject> => {
  if (resolved === undefined) return unchecked('known', 'not checked: users could not be looked up')
  if (resolved === 0)
    return trouble(
      'known',
      'MoEngage knows none of the testers: nobody can have got anything',
      'write qa.testers as MoEngage has them, or compare the identifier with what the app sends',
    )
  return ok('known', `MoEngage knows ${resolved} of ${testers}`)
}

const BORN = 'see that a tester is in the segment in Customer.io, then muster apply'

/** What campaigns use must be there, and point at each other. */
const checkObjects = async (
  { reader: { destination } }: Run,
  { id, suppressedBy }: Audience,
  { objects }: RecordedState,
): Promise<readonly Check<QaSubject>[]> => {
  const cohort = objects.get(cohortAddress(id))
  if (!cohort) return [trouble('cohort', 'there is none yet: a cohort is born with its first member', BORN)]
  if (cohort.remoteId === undefined)
    return [trouble('cohort', 'MoEngage did not list it yet', 'muster apply: it looks again')]
  const name = String(cohort.attributes.name)
  const listed = await check<QaSubject>('cohort', async () =>
    (await destination.listSegments(name)).some(({ remoteId }) => remoteId === cohort.remoteId)
      ? ok('cohort', `MoEngage lists "${name}"`)
      : trouble(
          'cohort',
          `MoEngage does not list "${name}" any more`,
          'muster plan: it shows what becomes of it',
        ),
  )
  if (suppressedBy.length === 0) return [listed]
  const remoteId = objects.get(sendableAddress(id))?.remoteId
  return [
    listed,
    await check<QaSubject>('sendable', async () => {
      const shown = remoteId === undefined ? undefined : await destination.readSendable(remoteId)
      return shown?.kind === 'sendable' && shown.include === cohort.remoteId
        ? ok('sendable', `"${shown.name}" takes the cohort and leaves out ${shown.exclude.length} others`)
        : trouble(
            'sendable',
            'the segment that campaigns target is not what was applied',
            'muster plan, then muster apply',
          )
    }),
  ]
}
