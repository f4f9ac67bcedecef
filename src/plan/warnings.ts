import type { Audience } from '../model/audience.ts'
import { compareDiagnostics, type Diagnostic } from '../model/diagnostic.ts'
import type { Address, Override } from '../model/plan.ts'
import type { Reading } from '../model/reading.ts'
import type { Instant } from '../model/time.ts'
import { cohortAddress } from './address.ts'
import type { GuardedChange, OverridableGuard } from './guards/guard.ts'
import { isExpired } from './guards/guards.ts'
import { SEGMENT_LIMIT } from './guards/limits.ts'
import { warnOfHeartbeat } from './heartbeat.ts'
import type { View } from './view.ts'

export interface WarningInput {
  readonly audiences: readonly Audience[]
  readonly changes: readonly GuardedChange[]
  readonly view: View
  readonly allow: readonly Override[]
  readonly now: Instant
}

/** What a reviewer should know although nothing stops at it. */
export const findWarnings = (input: WarningInput): readonly Diagnostic[] =>
  [
    ...warnOfReads(input),
    ...input.audiences.flatMap(audience => warnOfSource(audience, input)),
    ...warnOfAdoptions(input),
    ...warnOfPeople(input),
    ...warnOfWaiting(input),
    ...warnOfQuiet(input),
    ...warnOfOverrides(input),
    ...warnOfLimit(input),
  ].sort(compareDiagnostics)

const warn = (code: string, text: Pick<Diagnostic, 'summary' | 'detail' | 'hint'>): Diagnostic => ({
  code,
  severity: 'warning',
  ...text,
})

const warnOfReads = ({ view: { observed } }: WarningInput): Diagnostic[] => {
  const unread = [...observed.sendables.values()].filter(({ kind }) => kind === 'failed')
  const describe = (what: string, reading: Reading<unknown> | undefined): Diagnostic[] =>
    reading?.kind === 'failed'
      ? [
          warn('refresh/unread', {
            summary: 'Something could not be read',
            detail: `${what}: ${reading.code}. What depends on it is unknown in this plan.`,
            hint: 'plan again once it answers',
          }),
        ]
      : []
  return [
    ...describe("Customer.io's list of segments", observed.sourceSegments),
    ...describe("MoEngage's list of segments", observed.segments),
    ...describe(
      `${unread.length} sendable ${unread.length === 1 ? 'segment' : 'segments'} of MoEngage`,
      unread[0],
    ),
  ]
}

const warnOfSource = ({ id, source, isSuspended }: Audience, { view }: WarningInput): Diagnostic[] => {
  if (isSuspended || source.kind !== 'segment' || view.observed.sourceSegments.kind !== 'read') return []
  const segment = view.observed.sourceSegments.value.get(source.segmentId)
  if (!segment || segment.isFinished) return []
  return [
    warn('source/unfinished', {
      summary: 'The source segment is still being built',
      detail: `${id}: Customer.io has not finished segment ${source.segmentId} "${source.name}": its people are not all in it yet.`,
      hint: 'wait for it; until then a sync adds people and removes nobody',
    }),
  ]
}

/** Only where somebody looked: what could not be read is not absent. */
const warnOfAdoptions = ({ audiences, changes, view: { segments } }: WarningInput): Diagnostic[] => {
  if (segments.kind !== 'read') return []
  const created = new Set(changes.filter(({ action }) => action === 'create').map(({ address }) => address))
  const taken = new Set(changes.filter(({ action }) => action === 'adopt').map(({ audience }) => audience))
  return audiences
    .filter(({ id, adopt }) => adopt && created.has(cohortAddress(id)) && !taken.has(id))
    .filter(({ name }) => !segments.value.findOwn(name))
    .map(({ id, name }) =>
      warn('adopt/nothing-there', {
        summary: 'There is nothing to take over',
        detail: `${id}: MoEngage lists no segment "${name}", so a new cohort would be made.`,
        hint: 'check the name letter by letter, or remove adopt',
      }),
    )
}

/** A segment that leaves out a cohort which nobody makes: suspended before it was applied, or not in this plan. */
const warnOfWaiting = ({ changes, view: { recorded } }: WarningInput): Diagnostic[] => {
  const coming = new Set(changes.filter(({ action }) => action !== 'none').map(({ address }) => address))
  return changes.flatMap(({ kind, address, attributes }) => {
    const exclude = attributes.find(({ attribute }) => attribute === 'exclude')?.after
    if (kind !== 'sendable' || !Array.isArray(exclude)) return []
    // Written by the planner as addresses; a plan holds them as text.
    const missing = (exclude as readonly Address[]).filter(
      each => !recorded.objects.has(each) && !coming.has(each),
    )
    if (missing.length === 0) return []
    return [
      warn('apply/will-wait', {
        summary: 'A suppression is not there, and not made by this plan',
        detail: `${address} needs ${missing.join(', ')}: apply will wait for it.`,
        hint: 'apply that audience too: leave out --only, or take suspend away from it',
      }),
    ]
  })
}

/** Only of what goes on as it is: what is retired, renamed or lost needs no campaign. */
const warnOfQuiet = ({ audiences, changes, view: { recorded }, now }: WarningInput): Diagnostic[] => {
  const kept = new Set(changes.filter(({ action }) => action === 'none').map(({ address }) => address))
  return audiences
    .filter(({ isSuspended }) => !isSuspended)
    .flatMap(({ id }) => {
      const cohort = recorded.objects.get(cohortAddress(id))
      return cohort && kept.has(cohort.address) ? (warnOfHeartbeat(cohort, now) ?? []) : []
    })
}

/** Who is in a segment is not read for a plan. */
const warnOfPeople = ({ changes }: WarningInput): Diagnostic[] =>
  changes
    .filter(({ kind, action }) => kind === 'source' && action === 'adopt')
    .map(({ address, remoteId }) =>
      warn('adopt/people-stay', {
        summary: 'Others may be in the segment that is taken over',
        detail: `${address}: testers are added to segment ${remoteId}; whoever else is in it stays, and who that is was not read.`,
        hint: 'look at its people in Customer.io, and take out there who does not belong',
      }),
    )

const warnOfOverrides = ({ allow, now }: WarningInput): Diagnostic[] =>
  allow.flatMap(override => {
    if (isExpired(override, now)) return warnOfExpiry(override)
    return override.audience !== undefined && COUNTS_ALL.has(override.guard) ? warnOfScope(override) : []
  })

/** Guards that count over the whole workspace, whatever audience an override names. */
const COUNTS_ALL: ReadonlySet<string> = new Set<OverridableGuard>(['mass-retirement', 'segment-limit'])

const warnOfScope = ({ guard, audience }: Override): Diagnostic =>
  warn('allow/one-audience', {
    summary: 'An override names one audience, and its guard counts all of them',
    detail: `${guard} of ${audience}: it has no effect.`,
    hint: 'remove its audience, so that it stands for the whole workspace',
  })

const warnOfExpiry = ({ guard, audience, by, until }: Override): Diagnostic =>
  warn('allow/expired', {
    summary: 'An override has expired',
    detail: `${guard}${audience === undefined ? '' : ` of ${audience}`}, allowed by ${by} until ${until}: it has no effect any more.`,
    hint: 'remove it from workspace.yaml',
  })

/** From here on there is little room left. */
const NEARLY_FULL = 0.9

const warnOfLimit = ({ view: { segments } }: WarningInput): Diagnostic[] => {
  if (segments.kind !== 'read' || segments.value.size < SEGMENT_LIMIT * NEARLY_FULL) return []
  return [
    warn('limit/segments', {
      summary: 'MoEngage has little room for segments left',
      detail: `It lists ${segments.value.size}; a workspace may hold ${SEGMENT_LIMIT} active ones, and lists that long may be cut off.`,
      hint: 'archive segments that nobody uses, or ask MoEngage to raise the limit',
    }),
  ]
}
