import { compareText } from '../../model/diagnostic.ts'
import { manualSegments } from '../adopt.ts'
import type { View } from '../view.ts'
import {
  attributeOf,
  type Guard,
  type GuardedChange,
  type GuardFinding,
  refuse,
  refuseUnlessAllowed,
} from './guard.ts'

/** Names that a plan would use for the first time: no name may be somebody else's, and none comes back. */
export const checkNames: Guard = ({ changes, view }) =>
  changes.flatMap(change => {
    const name = newName(change)
    if (name === undefined) return []
    if (change.kind === 'source') return checkSourceName(change, name, view)
    return [
      ...checkTombstone(change, name, view),
      ...(change.action === 'adopt' ? [] : checkTakeover(change, name, view)),
      ...checkTwins(change, name, view),
    ]
  })

/** Bindings have no name at the vendors. */
const newName = (change: GuardedChange): string | undefined => {
  if (change.kind === 'binding' || !['create', 'adopt', 'rename'].includes(change.action)) return undefined
  const name = attributeOf(change, 'name')?.after
  return typeof name === 'string' ? name : undefined
}

const checkTombstone = (change: GuardedChange, name: string, { recorded }: View): GuardFinding[] => {
  const tombstone = recorded.tombstones.get(name)
  if (!tombstone) return []
  if (tombstone.reason === 'forgotten' && change.action === 'adopt') return []
  const how = { retired: 'retired', renamed: 'given up in a rename', forgotten: 'let go' }[tombstone.reason]
  return [
    refuse('guard/name-used', {
      summary: 'MoEngage never gives a name twice',
      detail: `${change.address}: "${name}" was used by ${tombstone.address} and ${how}.`,
      hint:
        change.kind === 'sendable'
          ? 'declare a new audience with a new id and name; keep suppressions where campaigns need them'
          : 'choose another name, for example with a version at its end',
    }),
  ]
}

const checkTakeover = (change: GuardedChange, name: string, view: View): GuardFinding[] => {
  if (view.segments.kind !== 'read') return []
  const segment = view.segments.value.find(name)
  if (!segment || isRenamedAlready(change, segment.remoteId, view)) return []
  return [
    refuse('guard/takeover', {
      summary: 'The name belongs to a segment that muster did not create',
      detail: `${change.address}: MoEngage already has a segment "${name}".`,
      hint: 'choose another name, or take it over: adopt: true in its spec, or muster import',
    }),
  ]
}

/** A sendable segment that somebody renamed by hand to what the spec now says is still ours. */
const isRenamedAlready = ({ address }: GuardedChange, remoteId: string, { addresses }: View): boolean =>
  addresses.get(remoteId) === address

const checkTwins = (change: GuardedChange, name: string, view: View): GuardFinding[] => {
  const listed = view.segments.kind === 'read' ? view.segments.value.twinsOf(name) : []
  const folded = name.toLowerCase()
  const buried = [...view.recorded.tombstones.keys()].filter(each => each !== name && each.toLowerCase() === folded)
  const twins = [...new Set([...listed.map(segment => segment.name), ...buried])].sort(compareText)
  if (twins.length === 0) return []
  return [
    refuseUnlessAllowed(
      'case-twin',
      {
        summary: 'The name differs from another one in upper and lower case only',
        detail: `${change.address}: "${name}" beside ${twins.map(each => `"${each}"`).join(', ')}. Whether MoEngage tells them apart is not documented.`,
      },
      change.audience,
    ),
  ]
}

const checkSourceName = (change: GuardedChange, name: string, view: View): GuardFinding[] => {
  const existing = manualSegments(name, view)
  if (change.action === 'adopt' || existing.length === 0) return []
  const ids = existing.map(({ segmentId }) => segmentId).join(', ')
  if (existing.length > 1) {
    return [
      refuse('guard/ambiguous-source', {
        summary: 'Several manual segments have this name',
        detail: `${change.address}: Customer.io has "${name}" as segments ${ids}.`,
        hint: 'delete or rename all but one of them in Customer.io, or choose another name',
      }),
    ]
  }
  return [
    refuse('guard/takeover', {
      summary: 'The name belongs to a segment that muster did not create',
      detail: `${change.address}: Customer.io already has a manual segment "${name}" (${ids}).`,
      hint: 'choose another name, or take it over: adopt: true in its spec',
    }),
  ]
}
