import type { Audience, AudienceId } from '../model/audience.ts'
import type { Objection, Policy } from './policy.ts'
import { isSynced } from './reach.ts'
import { nameAll } from './sentence.ts'

/** A push that asks somebody into the app who is in it right now is the one that gets pushes switched off. */
export const appAwarePolicy: Policy = {
  code: 'policy/app-aware',
  summary: 'Push reaches people who are in the app',
  recommendation: 'Push leaves out whoever is using the app right now.',
  severity: 'warning',
  judges: 'specs',
  judge: ({ workspace: { inAppActive }, audiences }) => {
    const pushing = audiences.filter(isPushing)
    if (pushing.length === 0) return []
    if (inAppActive === undefined) return [describeUndeclared(pushing, audiences)]
    return pushing
      .filter(({ suppressedBy }) => !suppressedBy.includes(inAppActive))
      .map(audience => describeMissing(audience, inAppActive))
  },
}

const isPushing = (audience: Audience): boolean =>
  audience.intent === 'activation' && audience.channels.moengage.includes('push') && isSynced(audience)

const describeMissing = ({ id, suppressedBy }: Audience, inAppActive: AudienceId): Objection => ({
  detail: `It sends push and does not leave out "${inAppActive}", the people who are using the app right now.`,
  hint: `write suppressed_by: [${[...suppressedBy, inAppActive].join(', ')}]`,
  audience: id,
  path: ['suppressed_by'],
})

const describeUndeclared = (pushing: readonly Audience[], audiences: readonly Audience[]): Objection => {
  const likely = audiences.find(({ id, intent }) => intent === 'suppression' && /(?:^|-)app(?:-|$)/.test(id))
  return {
    detail: `${nameAll(pushing.map(({ id }) => id))} ${pushing.length === 1 ? 'sends' : 'send'} push, and the workspace does not say which audience holds the people who are using the app right now.`,
    hint: likely
      ? `add in_app_active: ${likely.id} to the workspace, and ${likely.id} to suppressed_by`
      : 'declare a suppression of them, for example active-in-app with a window of 30m, then add in_app_active: active-in-app to the workspace',
    path: ['in_app_active'],
  }
}
