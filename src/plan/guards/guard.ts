import type { Audience } from '../../model/audience.ts'
import type { Diagnostic } from '../../model/diagnostic.ts'
import type { Change } from '../../model/plan.ts'
import type { Lineage } from '../lineage.ts'
import type { View } from '../view.ts'

export interface GuardInput {
  /** Those that the plan covers. */
  readonly audiences: readonly Audience[]
  /** How many are declared in all. */
  readonly declared: number
  readonly view: View
  readonly lineage: Pick<Lineage, 'recordOf'>
  readonly changes: readonly GuardedChange[]
  /** Made to be read, never applied: what nobody looked at stops nothing. */
  readonly isOffline: boolean
  /** Under which MoEngage is called now. */
  readonly partner: string
  /** Whether an audience may go live only with evidence that its testers were sent. */
  readonly isQaRequired: boolean
}

export type GuardedChange = Omit<Change, 'calls' | 'belief'>

/** Guards that a line in workspace.yaml may let pass. */
export type OverridableGuard =
  | 'mass-retirement'
  | 'identifier-change'
  | 'case-twin'
  | 'segment-limit'
  | 'no-qa-evidence'

/** What a guard found. With `overridable`, an override of that guard (and audience) lets it pass. */
export interface GuardFinding {
  readonly diagnostic: Diagnostic
  readonly overridable?: { readonly guard: OverridableGuard; readonly audience?: string }
}

/** A check that may stop a plan. */
export type Guard = (input: GuardInput) => readonly GuardFinding[]

type Text = Pick<Diagnostic, 'summary' | 'detail' | 'hint'>

/** A refusal that nothing but another plan takes away. */
export const refuse = (code: string, text: Text): GuardFinding => ({
  diagnostic: { code, severity: 'error', ...text },
})

/** A refusal that a person may let pass: the hint is the line that does it. */
export const refuseUnlessAllowed = (
  guard: OverridableGuard,
  text: Pick<Diagnostic, 'summary' | 'detail'>,
  audience?: string,
): GuardFinding => ({
  diagnostic: {
    code: `guard/${guard}`,
    severity: 'error',
    ...text,
    hint: `if it is meant, add to workspace.yaml: ${allowLine(guard, audience)}`,
  },
  overridable: { guard, ...(audience === undefined ? {} : { audience }) },
})

const allowLine = (guard: OverridableGuard, audience?: string): string =>
  `allow: [{ guard: ${guard},${audience === undefined ? '' : ` audience: ${audience},`} by: "Your Name", because: "…", until: YYYY-MM-DD }]`

/** Names in a sentence, the first few of many: vendors may have any number of them. */
export const listSome = (names: readonly string[]): string =>
  names.length <= MOST_NAMES
    ? names.join(', ')
    : `${names.slice(0, MOST_NAMES).join(', ')} and ${names.length - MOST_NAMES} more`

const MOST_NAMES = 5

/** The name that a change would use for the first time. Bindings have none at the vendors. */
export const newName = (change: GuardedChange): string | undefined => {
  if (change.kind === 'binding' || !['create', 'adopt', 'rename'].includes(change.action)) return undefined
  const name = attributeOf(change, 'name')?.after
  return typeof name === 'string' ? name : undefined
}

/** The attribute of a change by its name. */
export const attributeOf = (change: Pick<Change, 'attributes'>, name: string) =>
  change.attributes.find(({ attribute }) => attribute === name)
