import type { Audience, AudienceId } from '../model/audience.ts'
import type { Diagnostic, Place, Severity } from '../model/diagnostic.ts'
import type { Workspace } from '../model/workspace.ts'

/** The programme that a policy judges. Files are out of reach: a policy speaks of meaning, not of spelling. */
export interface Programme {
  readonly workspace: Workspace
  readonly audiences: readonly Audience[]
}

/** What a policy objects to. `audience` is absent when it is about the workspace. */
export interface Objection {
  readonly severity: Severity
  readonly detail: string
  readonly hint: string
  readonly audience?: AudienceId
  /** Keys as they are written, from the root of that file. */
  readonly path: readonly (string | number)[]
}

/** One rule of the house. `code` and `summary` never change; everything particular is in the objections. */
export interface Policy {
  readonly code: `policy/${string}`
  readonly summary: string
  judge(programme: Programme): readonly Objection[]
}

/** Where an objection's path is in the files. */
export type LocateObjection = (objection: Objection) => Place | undefined

/** Asks every policy, in order. */
export const applyPolicies = (
  policies: readonly Policy[],
  programme: Programme,
  locate: LocateObjection,
): readonly Diagnostic[] =>
  policies.flatMap(policy =>
    policy.judge(programme).map(objection => {
      const at = locate(objection)
      return {
        code: policy.code,
        severity: objection.severity,
        summary: policy.summary,
        detail: objection.detail,
        hint: objection.hint,
        ...(at === undefined ? {} : { at }),
      }
    }),
  )
