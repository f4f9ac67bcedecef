import { unreachable } from '../model/invariant.ts'
import type {
  Action,
  Address,
  AttributeChange,
  Change,
  MembershipEffect,
  ObjectKind,
  Plan,
} from '../model/plan.ts'
import { formatAge, type Instant } from '../model/time.ts'
import { isGone } from '../plan/listing.ts'
import { describeChange, vendorOf } from './describe-change.ts'
import { showLine, showValue } from './show-value.ts'
import { type ValueView, viewValue } from './value-view.ts'

/** One attribute that differs, ready to be shown. */
export interface RowView {
  readonly attribute: string
  readonly value: ValueView
  /** How far the value before can be trusted and who made it differ; empty when there is nothing to say. */
  readonly note: string
}

/** One change, ready to be shown. All texts are on one line and visible. */
export interface ChangeView {
  readonly address: Address
  readonly kind: ObjectKind
  readonly action: Action
  readonly description: string
  readonly rows: readonly RowView[]
}

/** Members by ledger key. */
export type EffectsByKey = ReadonlyMap<string, MembershipEffect>

/** A change as people read it. */
export const viewChange = (
  change: Change,
  effects: EffectsByKey,
  { plannedAt, isOffline }: Pick<Plan, 'plannedAt' | 'isOffline'>,
): ChangeView => ({
  address: change.address,
  kind: change.kind,
  action: change.action,
  description: describeChange(change, isOffline ? undefined : countMembers(change, effects)),
  rows: chooseRows(change).map(attribute => ({
    attribute: showLine(attribute.attribute),
    value: viewValue(attribute),
    note: describeNote(attribute, change, plannedAt),
  })),
})

/** As many as its calls are about. A change that makes none may leave some behind: the ledger's count says so. */
const countMembers = ({ audience, calls }: Change, effects: EffectsByKey): number => {
  const sent = calls.reduce((sum, { members }) => sum + (members ?? 0), 0)
  return sent > 0 ? sent : (effects.get(audience)?.recordedMembers ?? 0)
}

/** What is made or put away is described as a whole; only what goes on existing has values that change. */
const chooseRows = ({ action, attributes, from }: Change): readonly AttributeChange[] => {
  switch (action) {
    case 'update':
      // Alone, it is what the description says already.
      return attributes.length === 1
        ? attributes.filter(({ attribute }) => attribute !== 'listed')
        : attributes
    case 'rename':
      // Said by the description.
      return attributes.filter(
        ({ attribute }) => attribute !== 'listed' && (from === undefined || attribute !== 'address'),
      )
    case 'adopt':
      return attributes.filter(({ before }) => before !== undefined)
    case 'create':
    case 'retire':
    case 'forget':
    case 'none':
      return []
    default:
      return unreachable(action)
  }
}

const describeNote = (attribute: AttributeChange, change: Change, now: Instant): string =>
  [describeBelief(attribute, now), describeOrigin(attribute, change)].filter(part => part !== '').join('; ')

const describeBelief = ({ belief, recordedAt }: AttributeChange, now: Instant): string => {
  const age = recordedAt === undefined ? undefined : formatAge(recordedAt, now)
  switch (belief) {
    case 'read':
      return ''
    case 'recorded':
      return age === undefined ? 'recorded' : `recorded, ${age}`
    case 'unknown':
      return age === undefined ? 'not verified' : `not verified, recorded ${age}`
    default:
      return unreachable(belief)
  }
}

const describeOrigin = ({ attribute, origin, belief, recorded }: AttributeChange, change: Change): string => {
  const { kind } = change
  const applied = recorded === undefined ? '' : `, applied was ${showValue(recorded)}`
  switch (origin) {
    case 'file':
      return ''
    case 'drift':
      // Nobody gave it another value: it gets one because the object is there no more.
      if (attribute === 'name' && isGone(change)) return kind === 'cohort' ? 'lost' : 'archived'
      if (attribute === 'cohort_id') return ''
      return `changed in ${vendorOf(kind, attribute)}`
    case 'both':
      // A vendor that shows something else would be believed before the record: it shows what is declared.
      if (belief === 'recorded') return `already so in ${vendorOf(kind, attribute)}`
      return `you changed it, and it drifted in ${vendorOf(kind, attribute)}${applied}`
    default:
      return unreachable(origin)
  }
}
