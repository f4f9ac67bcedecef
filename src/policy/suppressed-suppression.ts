import type { Policy } from './policy.ts'
import { nameAll } from './sentence.ts'

/** Others leave out the cohort as a whole, never its sendable segment: exceptions of a suppression have no effect. */
export const suppressedSuppressionPolicy: Policy = {
  code: 'policy/suppressed-suppression',
  summary: 'Suppression is suppressed itself',
  recommendation: 'Layers of suppressions are flat: a suppression leaves nobody out.',
  severity: 'error',
  judges: 'specs',
  judge: ({ workspace, audiences }) => {
    const layer = new Set([
      ...workspace.suppressedBy,
      ...audiences.flatMap(({ suppressedBy }) => suppressedBy),
    ])
    return audiences
      .filter(
        ({ id, intent, suppressedBy }) =>
          suppressedBy.length > 0 && (intent === 'suppression' || layer.has(id)),
      )
      .map(({ id, suppressedBy }) => ({
        detail: `It is to leave out ${nameAll(suppressedBy)}. Whoever relies on it leaves out its whole cohort all the same, so these people are silenced too.`,
        hint: 'remove suppressed_by here, and make the exception in the segment in Customer.io',
        audience: id,
        path: ['suppressed_by'],
      }))
  },
}
