import { unreachable } from '../model/invariant.ts'
import type { AttributeChange, Change, ObjectKind, Operation } from '../model/plan.ts'
import { isGone } from '../plan/listing.ts'
import { showLine, showValue } from './show-value.ts'
import { countOf } from './words.ts'

/** One line on what a change does. `members`: recorded ones that it concerns; undefined where nobody counted. */
export const describeChange = (change: Change, members: number | undefined): string => {
  switch (change.action) {
    case 'create':
      return describeCreate(change)
    case 'adopt':
      return describeAdopt(change)
    case 'rename':
      return describeRename(change, members)
    case 'retire':
      return describeRetire(change, members)
    case 'forget':
      return describeForget(change, members)
    case 'update':
      return [showLine(change.reason), ...describeRemovals(change)].join('; ')
    case 'none':
      return showLine(change.reason)
    default:
      return unreachable(change.action)
  }
}

/** A plan does not know who is no tester any more: it names the most that are taken out. */
const describeRemovals = ({ calls }: Change): string[] => {
  const call = calls.find(({ operation }) => operation === 'remove from source segment')
  return call ? [`takes out at most ${countOf(call.members ?? 0, 'former tester')}`] : []
}

/** The vendor that keeps an attribute of this object: a binding tells of its Customer.io segment too. */
export const vendorOf = (kind: ObjectKind, attribute = ''): 'Customer.io' | 'MoEngage' =>
  kind === 'source' || attribute.startsWith('source_') ? 'Customer.io' : 'MoEngage'

const attributeOf = ({ attributes }: Change, name: string): AttributeChange | undefined =>
  attributes.find(({ attribute }) => attribute === name)

const afterOf = (change: Change, name: string): string => showValue(attributeOf(change, name)?.after)

const makesCall = ({ calls }: Change, operation: Operation): boolean =>
  calls.some(call => call.operation === operation)

const describeCreate = (change: Change): string => {
  switch (change.kind) {
    case 'source':
      return `manual segment "${afterOf(change, 'name')}" in Customer.io, filled with ${countTesters(change)}`
    case 'cohort':
      return `"${afterOf(change, 'name')}", born with its first member`
    case 'binding':
      return (
        `${describeSegment(change)} by ${afterOf(change, 'identifier')}, ` +
        `exit ${afterOf(change, 'exit')}, stage ${afterOf(change, 'stage')}, every ${afterOf(change, 'sync_every')}`
      )
    case 'sendable':
      return `"${afterOf(change, 'name')}" = the cohort without ${afterOf(change, 'exclude').replaceAll('cohort.', '')}`
    default:
      return unreachable(change.kind)
  }
}

const countTesters = (change: Change): string =>
  countOf(Number(attributeOf(change, 'people')?.after ?? 0), 'tester')

const describeSegment = (change: Change): string =>
  attributeOf(change, 'source_manual')
    ? `manual segment "${afterOf(change, 'source_manual')}"`
    : `segment ${afterOf(change, 'source_segment')} "${afterOf(change, 'source_name')}"`

const describeAdopt = (change: Change): string => {
  const id = change.remoteId === undefined ? '' : ` as ${showLine(change.remoteId)}`
  const found = `"${afterOf(change, 'name')}", already in ${vendorOf(change.kind)}${id}`
  switch (change.kind) {
    case 'source':
      return `manual segment ${found}${makesCall(change, 'fill source segment') ? `; ${countTesters(change)} are added to it` : ''}`
    case 'cohort':
      return `${found}, sent under the id "${afterOf(change, 'cohort_id')}"; its members are not known, those that others sent stay`
    case 'sendable':
      return `${found}; ${change.calls.length > 0 ? 'its definition becomes the declared one' : 'its definition is the declared one'}`
    case 'binding':
      return showLine(change.reason)
    default:
      return unreachable(change.kind)
  }
}

const describeRename = (change: Change, members: number | undefined): string =>
  [...describeMove(change), ...describeNewName(change, members), ...describeRemovals(change)].join('; ') ||
  showLine(change.reason)

const describeMove = ({ from, calls }: Change): string[] => {
  if (from === undefined) return []
  return [`was ${showLine(from)}`, ...(calls.length === 0 ? ['no call'] : [])]
}

const describeNewName = (change: Change, members: number | undefined): string[] => {
  if (!attributeOf(change, 'name')) return []
  if (isGone(change)) return describeReplacement(change, members)
  if (change.kind === 'sendable') return ['MoEngage can rename a segment of this kind: it stays the same one']
  if (change.kind !== 'cohort') return []
  const first =
    members === 0
      ? 'a new cohort; nobody is recorded in the old one'
      : `a new cohort: ${members === undefined ? 'everyone recorded is' : countOf(members, 'recorded member is', 'recorded members are')} sent to it first, then the old one is drained`
  return [first, 'MoEngage cannot rename a cohort and never frees a name']
}

const describeReplacement = ({ kind, reason }: Change, members: number | undefined): string[] => {
  if (kind === 'sendable') return [showLine(reason), 'campaigns must be pointed to the new one']
  const carried =
    members === 0
      ? 'a new cohort; nobody is recorded in the lost one'
      : `a new cohort: ${members === undefined ? 'everyone recorded is' : countOf(members, 'recorded member is', 'recorded members are')} sent to it again`
  return [showLine(reason), carried]
}

const describeRetire = (change: Change, members: number | undefined): string => {
  const reason = showLine(change.reason)
  if (isGone(change)) return `${reason}; its record is dropped, nothing is called`
  if (change.kind === 'cohort')
    return `${reason}; removes ${members === undefined ? 'everyone recorded' : countOf(members, 'recorded member')}`
  if (change.kind !== 'source') return reason
  return `${reason}; ${makesCall(change, 'delete source segment') ? 'deleted in Customer.io, unless a campaign or newsletter uses it' : 'left in Customer.io'}`
}

const describeForget = ({ kind }: Change, members: number | undefined): string => {
  const stay = kind === 'cohort' && members ? `; ${countOf(members, 'recorded member')} stay in it` : ''
  return `muster lets go of it; nothing in ${vendorOf(kind)} changes${stay}`
}
