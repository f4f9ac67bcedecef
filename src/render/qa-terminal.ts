import type { Audience } from '../model/audience.ts'
import type { Check, QaSubject } from '../model/checkup.ts'
import type { SyncEnd } from '../model/outcome.ts'
import type { PlanTarget } from '../model/plan.ts'
import type { QaEvidence, SignOff } from '../model/recorded.ts'
import { renderChecks, writeCheck } from './checkup-terminal.ts'
import { type DiagnosticsOptions, renderDiagnostics } from './diagnostics.ts'
import { renderTarget } from './plan-terminal.ts'
import { writeEvidence } from './report-json.ts'

/** What a QA run came to. */
interface ShownQa {
  readonly end: SyncEnd
  readonly checks: readonly Check<QaSubject>[]
  readonly evidence?: QaEvidence
}

/** What was sent and what could be verified, and what only a person can see. */
export const renderQa = (
  target: PlanTarget,
  { id, name, channels }: Audience,
  { end, checks }: ShownQa,
  look: DiagnosticsOptions,
): string => {
  const findings = [...end.findings, ...end.reports.flatMap(each => each.findings)]
  const where = channels.moengage.length > 0 ? ` by ${channels.moengage.join(' and ')}` : ''
  const sections = [
    renderTarget(target, look.paint),
    `${look.paint.bold(id)}  ${name}, to its testers`,
    renderChecks(checks, look.paint),
    ...(findings.length > 0 ? [renderDiagnostics(findings, look)] : []),
    `Not to be seen from here: whether a message arrives${where}, and whether it looks right.`,
  ]
  return `${sections.join('\n\n')}\n`
}

/** The same for programs; ends with a newline. Keys may be added, never renamed. */
export const writeQa = (
  id: string,
  { checks, evidence }: ShownQa,
  { isVerified, signedOff }: { readonly isVerified: boolean; readonly signedOff?: SignOff },
): string =>
  `${JSON.stringify(
    {
      id,
      verified: isVerified,
      checks: checks.map(writeCheck),
      evidence: evidence ? writeEvidence({ ...evidence, ...(signedOff ? { signedOff } : {}) }) : null,
    },
    null,
    2,
  )}\n`
