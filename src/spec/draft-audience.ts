import type { Intent } from '../model/audience.ts'

/** All that is known of an audience that is imported. What is not known gets the most careful value. */
export interface AudienceDraft {
  readonly id: string
  readonly name: string
  readonly intent: Intent
  readonly useCase: string
  readonly window: string
  readonly source: { readonly segmentId: number; readonly name: string }
  readonly owner: { readonly team: string; readonly contact: string; readonly approvers: readonly string[] }
  /** What its partner sent the cohort under. Absent: what muster would choose. */
  readonly cohortId?: string
}

/** The file of an imported audience: it sends nobody until a person has looked at it. */
export const draftAudience = (draft: AudienceDraft): string =>
  `${[
    '# yaml-language-server: $schema=../schema/audience.schema.json',
    `id: ${draft.id}`,
    `name: ${draft.name}`,
    `adopt: ${draft.cohortId === undefined ? 'true' : `{ cohort_id: ${quote(draft.cohortId)} }`} # who is in it already is not known, and stays`,
    '# Next: say who they are, in words a colleague understands.',
    `description: ${quote(describe(draft))}`,
    `intent: ${draft.intent}`,
    `use_case: ${draft.useCase}`,
    `owner: { team: ${draft.owner.team}, contact: ${quote(draft.owner.contact)}, approvers: [${draft.owner.approvers.map(quote).join(', ')}] }`,
    `source: { segment: ${draft.source.segmentId}, name: ${quote(draft.source.name)} }`,
    'exit: { rule: remove } # whoever leaves the segment leaves the cohort; check that this is meant',
    `timing: { window: ${draft.window}, sync_every: 1h } # check how fresh it has to be`,
    'rollout: { stage: paused } # nobody is sent until this is qa, canary or live',
  ].join('\n')}\n`

const MOST_OF_A_NAME = 200

const describe = ({ source }: AudienceDraft): string =>
  `Imported: the people of "${source.name.slice(0, MOST_OF_A_NAME).toWellFormed()}" in Customer.io.`

/** JSON's double quotes are YAML's. */
const quote = (text: string): string => JSON.stringify(text)
