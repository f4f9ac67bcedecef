import type { Audience, AudienceId } from '../model/audience.ts'
import type { Diagnostic, Place, Severity } from '../model/diagnostic.ts'
import type { Facts } from '../model/facts.ts'
import type { Instant } from '../model/time.ts'
import type { Workspace } from '../model/workspace.ts'
import { openSettings } from './settings.ts'
import { reportWaivers, WAIVER_RULE } from './waivers.ts'

/** The programme that a policy judges. Files are out of reach: a policy speaks of meaning, not of spelling. */
export interface Programme {
  readonly workspace: Workspace
  readonly audiences: readonly Audience[]
  /** What day it is, for waivers. Absent: none has run out. */
  readonly now?: Instant
  /** Some files have mistakes and are missing here, so that nothing may be said of what is missing. */
  readonly isPartial?: boolean
  /** What a store remembers. Absent: nobody looked, and nothing is said that would need it. */
  readonly facts?: Facts
}

/** What a policy objects to. `audience` is absent when it is about the workspace. */
export interface Objection {
  /** When it differs from the policy's own. */
  readonly severity?: Severity
  readonly detail: string
  readonly hint: string
  readonly audience?: AudienceId
  /** Keys as they are written, from the root of that file. */
  readonly path: readonly (string | number)[]
}

/** What a rule is called and asks for. None of it ever changes; everything particular is in the objections. */
export interface Rule {
  readonly code: `policy/${string}`
  readonly summary: string
  /** What retention teams are advised to do, in one sentence. */
  readonly recommendation: string
  /** What it counts as where neither workspace nor spec says otherwise. */
  readonly severity: Severity
}

/** One rule of the house. */
export interface Policy extends Rule {
  /** `facts`: it says nothing of files alone, and is asked again where a store is at hand. */
  readonly judges: 'specs' | 'facts'
  judge(programme: Programme): readonly Objection[]
}

/** Where an objection's path is in the files. */
export type LocateObjection = (objection: Objection) => Place | undefined

/** Asks every policy, in order. What is waived or switched off is left out; waivers that are over are told. */
export const applyPolicies = (
  policies: readonly Policy[],
  programme: Programme,
  locate: LocateObjection,
): readonly Diagnostic[] => {
  const settings = openSettings(programme)
  const found = policies.flatMap(policy =>
    policy.judge(programme).flatMap(objection => {
      const severity = settings.decideSeverity(policy, objection)
      return severity === 'off' ? [] : [describe(policy, { ...objection, severity }, locate)]
    }),
  )
  // Told once, with the specs; whoever asks with a store at hand has heard of them.
  const waivers = programme.facts ? [] : reportWaivers(programme, settings.waiversUsed(), policies)
  return [...found, ...waivers.map(objection => describe(WAIVER_RULE, objection, locate))]
}

const describe = (rule: Rule, objection: Objection, locate: LocateObjection): Diagnostic => {
  const at = locate(objection)
  return {
    code: rule.code,
    severity: objection.severity ?? rule.severity,
    summary: rule.summary,
    detail: objection.detail,
    hint: objection.hint,
    ...(at === undefined ? {} : { at }),
  }
}
