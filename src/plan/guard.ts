import type { Audience } from '../model/audience.ts'
import type { Diagnostic } from '../model/diagnostic.ts'
import type { Change } from '../model/plan.ts'
import type { RecordedState } from '../model/recorded.ts'
import { bindingAddress } from './graph.ts'
import { findByName, type Observed } from './observed.ts'

export interface GuardInput {
  /** Those that the plan covers. */
  readonly audiences: readonly Audience[]
  /** How many are declared in all. */
  readonly declared: number
  readonly recorded: RecordedState
  readonly observed: Observed
  readonly changes: readonly Change[]
}

/** Every refusal of a plan, in one list. An empty one means: may be applied. */
export const checkPlan = (input: GuardInput): readonly Diagnostic[] => [
  ...checkNothingDesired(input),
  ...checkProtected(input),
  ...input.audiences.flatMap(audience => checkSource(audience, input)),
  ...input.changes.flatMap(change => [
    ...checkName(change, input),
    ...checkRename(change),
    ...checkIdentifier(change),
  ]),
]

const refuse = (code: string, text: Pick<Diagnostic, 'summary' | 'detail' | 'hint'>): Diagnostic => ({
  code,
  severity: 'error',
  ...text,
})

const checkNothingDesired = ({ declared, recorded }: GuardInput): Diagnostic[] => {
  if (declared > 0 || recorded.objects.size === 0) return []
  return [
    refuse('guard/nothing-desired', {
      summary: 'The specs ask for nothing at all',
      detail: `No audience is declared, ${recorded.objects.size} objects are recorded: all of them would be retired.`,
      hint: 'check --dir; to retire the last audience on purpose, leave one that is paused',
    }),
  ]
}

const checkSource = (audience: Audience, { observed }: GuardInput): Diagnostic[] => {
  if (audience.source.kind !== 'segment') return []
  const { segmentId, name } = audience.source
  const segment = observed.sourceSegments.get(segmentId)
  if (!segment) {
    return [
      refuse('source/missing', {
        summary: 'The source segment does not exist',
        detail: `${audience.id}: Customer.io has no segment ${segmentId} ("${name}").`,
        hint: 'correct source.segment, or restore the segment in Customer.io',
      }),
    ]
  }
  if (segment.name === name) return []
  return [
    refuse('source/renamed', {
      summary: 'The source segment has another name',
      detail: `${audience.id}: segment ${segmentId} is called "${segment.name}", the spec says "${name}".`,
      hint: 'make sure it is still the segment you mean, then set source.name to its name',
    }),
  ]
}

const checkName = (change: Change, { recorded, observed }: GuardInput): Diagnostic[] => {
  const name = change.attributes.find(({ attribute }) => attribute === 'name')?.after
  if (change.action !== 'create' || typeof name !== 'string') return []
  const tombstone = recorded.tombstones.get(name)
  if (tombstone) {
    return [
      refuse('guard/name-used', {
        summary: 'MoEngage never gives a name twice',
        detail: `${change.address}: "${name}" was used by ${tombstone.address} and retired.`,
        hint:
          change.kind === 'sendable'
            ? 'declare a new audience with a new id and name; keep suppressions where campaigns need them'
            : 'choose another name, for example with a version at its end',
      }),
    ]
  }
  if (!findByName(observed.segments, name)) return []
  return [
    refuse('guard/takeover', {
      summary: 'The name belongs to a segment that muster did not create',
      detail: `${change.address}: MoEngage already has a segment "${name}".`,
      hint: 'choose another name; adopting an existing segment is not in this version',
    }),
  ]
}

const checkRename = (change: Change): Diagnostic[] => {
  if (change.action !== 'update' || change.kind === 'binding') return []
  const name = change.attributes.find(({ attribute }) => attribute === 'name')
  const id = change.attributes.find(({ attribute }) => attribute === 'cohort_id')
  if (change.kind === 'cohort' && id) {
    return [
      refuse('guard/cohort-id', {
        summary: 'A cohort cannot get another id',
        detail: `${change.address}: its id would change from "${id.before}" to "${id.after}".`,
        hint: 'keep the name of the workspace as it was when the cohort was created',
      }),
    ]
  }
  if (!name || change.kind !== 'cohort') return []
  return [
    refuse('guard/rename', {
      summary: 'A cohort cannot be renamed',
      detail: `${change.address}: MoEngage knows it as "${name.before}" and can neither rename it nor free the name.`,
      hint: `set name back to "${name.before}", or declare a new audience with a new id`,
    }),
  ]
}

const checkIdentifier = (change: Change): Diagnostic[] => {
  const key = change.attributes.find(({ attribute }) => attribute === 'identifier')
  if (change.action !== 'update' || change.kind !== 'binding' || !key) return []
  return [
    refuse('guard/identifier-change', {
      summary: 'Another identifier would exchange every member',
      detail: `${change.address}: "${key.before}" would become "${key.after}".`,
      hint: `set identifier.key back to "${key.before}", or declare a new audience with a new id`,
    }),
  ]
}

/** Protection is remembered with the binding, so that deleting the file does not delete the guard. */
const checkProtected = ({ changes, recorded }: GuardInput): Diagnostic[] => {
  const retiring = changes.filter(({ action }) => action === 'retire')
  const audiences = [...new Set(retiring.map(({ audience }) => audience))]
  return audiences
    .filter(audience => recorded.objects.get(bindingAddress(audience))?.attributes.protected === true)
    .map(audience => {
      const addresses = retiring.filter(change => change.audience === audience).map(({ address }) => address)
      return refuse('guard/protected', {
        summary: 'A protected audience would lose something',
        detail: `${addresses.join(', ')} would be retired; "${audience}" was protected when it was last applied.`,
        hint: 'declare it with "protected: false", apply that, and retire in a second change',
      })
    })
}
