import type { Audience, AudienceId } from '../model/audience.ts'
import type { Severity } from '../model/diagnostic.ts'
import type { RuleSeverities, Waiver } from '../model/rule.ts'
import type { Instant } from '../model/time.ts'
import type { Objection, Programme, Rule } from './policy.ts'

/** What workspace and specs say of rules: how strict each is, and who waived it. */
export interface Settings {
  decideSeverity(rule: Rule, objection: Objection): Severity | 'off'
  /** The waivers that had something to waive, until now. */
  waiversUsed(): ReadonlySet<Waiver>
}

/** Reads the settings of a programme. The nearer one counts: the spec before the workspace, a rule's name before `all`. */
export const openSettings = ({ workspace, audiences, now }: Programme): Settings => {
  const byId = new Map(audiences.map(audience => [audience.id, audience]))
  const used = new Set<Waiver>()
  return {
    decideSeverity: (rule, objection) => {
      const audience = byId.get(objection.audience ?? '')
      const waivers = listWaivers(audience, workspace.waivers).filter(
        waiver => waiver.rule === rule.code && !isOver(waiver, now),
      )
      for (const waiver of waivers) used.add(waiver)
      if (waivers.length > 0) return 'off'
      return (
        readSetting(audience?.policy, rule) ??
        readSetting(workspace.policy, rule) ??
        objection.severity ??
        rule.severity
      )
    },
    waiversUsed: () => used,
  }
}

const readSetting = (severities: RuleSeverities | undefined, { code }: Rule): Severity | 'off' | undefined =>
  severities?.get(code) ?? severities?.get('all')

const listWaivers = (audience: Audience | undefined, ofWorkspace: readonly Waiver[]): readonly Waiver[] => [
  ...(audience?.waivers ?? []),
  ...ofWorkspace.filter(waiver => concerns(waiver, audience?.id)),
]

const concerns = (waiver: Waiver, audience: AudienceId | undefined): boolean =>
  waiver.audience === undefined || waiver.audience === audience

/** The last day itself still counts. */
export const isOver = ({ until }: Waiver, now: Instant | undefined): boolean =>
  now !== undefined && now.slice(0, 10) > until
