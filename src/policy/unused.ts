import type { Audience, AudienceId } from '../model/audience.ts'
import type { Objection, Policy, Programme } from './policy.ts'

/** An audience that nothing uses is synced for nobody, and one day somebody finds it and guesses what it was for. */
export const unusedPolicy: Policy = {
  code: 'policy/unused',
  summary: 'Nothing uses this audience',
  recommendation: 'Keep only audiences that a campaign, a flow or another audience uses.',
  severity: 'warning',
  judges: 'specs',
  judge: programme => {
    if (programme.isPartial) return []
    const leftOut = listLeftOut(programme)
    return programme.audiences.filter(audience => !isUsed(audience, leftOut)).map(object)
  },
}

/** Audiences that others leave out: they are used by that. */
const listLeftOut = ({ workspace, audiences }: Programme): ReadonlySet<AudienceId> =>
  new Set([
    ...workspace.suppressedBy,
    ...(workspace.inAppActive === undefined ? [] : [workspace.inAppActive]),
    ...audiences.flatMap(({ suppressedBy }) => suppressedBy),
  ])

const isUsed = ({ id, intent, channels, usedBy }: Audience, leftOut: ReadonlySet<AudienceId>): boolean =>
  intent === 'qa' || usedBy.length > 0 || channels.moengage.length > 0 || leftOut.has(id)

const object = ({ id, intent }: Audience): Objection => ({
  detail:
    intent === 'suppression'
      ? 'It is there to keep people from being messaged, and no audience names it in suppressed_by.'
      : 'It names no channel in MoEngage and no campaign, and no audience leaves its people out.',
  hint:
    intent === 'suppression'
      ? `name it where it belongs, as in suppressed_by: [${id}], or delete this file`
      : 'say what uses it, as in used_by: ["Cart reminder push"], or delete this file',
  audience: id,
  path: ['intent'],
})
