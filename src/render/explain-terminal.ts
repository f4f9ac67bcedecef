import type { Audience } from '../model/audience.ts'
import type { Diagnostic } from '../model/diagnostic.ts'
import type { Explanation } from '../model/explanation.ts'
import { unreachable } from '../model/invariant.ts'
import type { Belief, ObjectKind, Plan } from '../model/plan.ts'
import type { RecordedObject } from '../model/recorded.ts'
import { formatDuration, type Instant } from '../model/time.ts'
import { writePlan } from '../plan/document.ts'
import { type DiagnosticsOptions, renderDiagnostics } from './diagnostics.ts'
import type { Paint } from './paint.ts'
import { renderAudience, renderTarget } from './plan-terminal.ts'
import { viewPlan } from './plan-view.ts'
import { writeAudienceReport } from './report-json.ts'
import { describeEvidence } from './report-terminal.ts'
import { showLine, showValue } from './show-value.ts'
import { writeObject } from './state-json.ts'
import { agoOf, countOf } from './words.ts'

/** Who decides, why it changes, what stands in the way, and what is believed since when. */
export const renderExplanation = (explanation: Explanation, look: DiagnosticsOptions): string => {
  const { paint } = look
  const { target, id, declared, rules, plan } = explanation
  const found = [...rules, ...(plan ? [...plan.refusals, ...plan.warnings, ...plan.advice] : [])]
  const sections = [
    renderTarget(target, paint),
    [paint.bold(id), ...describeHead(explanation)].join('\n'),
    ...(declared ? [showLine(declared.description)] : []),
    renderChanges(explanation, paint),
    ...(found.length > 0 ? [`${renderDiagnostics(found, look)}\n\n${describePages(found)}`] : []),
    renderObjects(explanation, paint),
  ]
  return `${sections.join('\n\n')}\n`
}

const describeHead = ({ declared, lateness, objects, report, now }: Explanation): readonly string[] => {
  const rows: (readonly [string, string])[] = [
    ...(declared
      ? describeDeclared(declared)
      : [['file', 'none: what is recorded is to be retired'] as const]),
    ...(lateness === undefined ? [] : [['lateness', lateness] as const]),
    ['members', describeMembers(report.members, report.syncedAt, now)],
    ...(report.evidence ? [['QA run', describeEvidence(report)] as const] : []),
    ...report.allowances.map(
      ({ guard, reason, at }) => ['let pass', `${guard}, ${agoOf(at, now)}: ${reason}`] as const,
    ),
  ]
  const former = declared ? undefined : objects.find(({ kind }) => kind === 'binding')
  return [...rows, ...(former ? describeFormerOwner(former) : [])].map(
    ([name, value]) => `  ${name.padEnd(WIDTH)}  ${showLine(value)}`,
  )
}

const WIDTH = 'suppressed by'.length

const describeDeclared = (audience: Audience): readonly (readonly [string, string])[] => {
  const { name, owner, changeProcess, source, identifier, rollout, timing, suppressedBy } = audience
  const { key } = identifier
  return [
    ['cohort', name],
    ['owner', `${owner.team}, ${owner.contact}; approved by ${owner.approvers.join(', ')}`],
    ...(changeProcess === undefined ? [] : [['changed by', changeProcess] as const]),
    [
      'source',
      source.kind === 'manual'
        ? `manual segment "${source.name}"`
        : `segment ${source.segmentId} "${source.name}"`,
    ],
    ['identifier', key.kind === 'attribute' ? `attribute ${key.attribute}` : key.kind],
    [
      'stage',
      `${rollout.stage.kind === 'canary' ? `canary ${rollout.stage.percent}%` : rollout.stage.kind}, synced every ${formatDuration(timing.syncEveryMs)}`,
    ],
    ...(suppressedBy.length > 0 ? [['suppressed by', suppressedBy.join(', ')] as const] : []),
  ]
}

/** Without a file, the record alone remembers who decided. */
const describeFormerOwner = ({ attributes }: RecordedObject): readonly (readonly [string, string])[] => [
  ['owner', `${showValue(attributes.owner)}, ${showValue(attributes.contact)}, when it was last applied`],
]

const describeMembers = (members: number, syncedAt: Instant | undefined, now: Instant): string => {
  const synced = syncedAt === undefined ? 'never synced to its end' : `last synced ${agoOf(syncedAt, now)}`
  return `${countOf(members, 'member')} accepted by MoEngage; ${synced}`
}

const renderChanges = ({ plan: whole, address: meant }: Explanation, paint: Paint): string => {
  const plan = whole && keepChanges(whole, meant)
  if (!plan) return paint.yellow('Whether anything would change is not known: no vendor was looked at.')
  const { audiences } = viewPlan(plan)
  if (audiences.length > 0)
    return [
      paint.bold('What a plan would do, and why'),
      ...audiences.map(each => renderAudience(each, paint)),
    ].join('\n')
  const unknown = plan.changes.filter(({ belief }) => belief === 'unknown').length
  return unknown > 0
    ? paint.yellow(`No change known; ${countOf(unknown, 'object')} could not be read.`)
    : paint.green('A plan would change nothing.')
}

const keepChanges = (plan: Plan, meant: string | undefined): Plan => ({
  ...plan,
  changes: plan.changes.filter(({ address }) => (meant ?? address) === address),
})

/** Where each of these codes is explained. */
const describePages = (found: readonly Diagnostic[]): string =>
  [...new Set(found.map(({ code }) => code))].map(code => `More: muster explain ${code}`).join('\n')

const renderObjects = ({ objects, plan, now }: Explanation, paint: Paint): string => {
  if (objects.length === 0) return 'Nothing is recorded of it in this environment.'
  const beliefs = new Map(plan?.changes.map(({ address, belief }) => [address, belief]))
  return [
    paint.bold('What is believed'),
    ...objects.flatMap(object => renderObject(object, beliefs.get(object.address), { now, paint })),
  ].join('\n')
}

const renderObject = (
  object: RecordedObject,
  belief: Belief | undefined,
  { now, paint }: { readonly now: Instant; readonly paint: Paint },
): readonly string[] => {
  const { address, attributes, origin, recordedAt, status } = object
  const since = `${origin}, recorded ${agoOf(recordedAt, now)}${status === 'pending' ? ', not listed yet' : ''}`
  const names = Object.keys(attributes)
  const width = Math.max(0, ...names.map(name => name.length))
  return [
    `  ${address}  ${paint.dim(`${since}; ${describeBelief(belief, object.kind)}`)}`,
    ...names.map(name => `      ${name.padEnd(width)}  ${showValue(attributes[name])}`),
  ]
}

const describeBelief = (belief: Belief | undefined, kind: ObjectKind): string => {
  switch (belief) {
    case undefined:
      return 'not compared with anything'
    case 'read':
      return 'read just now'
    case 'recorded':
      // A binding lives in the record alone; of the others a vendor shows a part, and that part was read.
      return kind === 'binding' ? 'known to our record alone' : 'read just now, as far as it can be'
    case 'unknown':
      return 'could not be read this time'
    default:
      return unreachable(belief)
  }
}

/** The same for programs: one object, ends with a newline. Keys may be added, never renamed. */
export const writeExplanation = (explanation: Explanation): string => {
  const { id, declared, report, objects, rules, plan } = explanation
  return `${JSON.stringify(
    {
      id,
      declared: declared !== undefined,
      owner: declared?.owner ?? null,
      store: writeAudienceReport(report),
      objects: objects.map(writeObject),
      rules: rules.map(({ code, severity, summary, detail, hint }) => ({
        code,
        severity,
        summary,
        detail,
        hint: hint ?? null,
      })),
      plan: plan ? writePlan(plan) : null,
    },
    null,
    2,
  )}\n`
}
