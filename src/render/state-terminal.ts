import { compareText } from '../model/diagnostic.ts'
import type { Attributes } from '../model/plan.ts'
import type { Lock, RecordedObject, RecordedState } from '../model/recorded.ts'
import type { Instant } from '../model/time.ts'
import { showLine, showValue } from './show-value.ts'
import { agoOf, alignColumns, countOf } from './words.ts'

const HEADER = ['address', 'status', 'origin', 'remote id', 'recorded']

/** Every recorded object in a line, then what else the store holds and who holds the store. */
export const renderStateList = (state: RecordedState, now: Instant): string => {
  const objects = [...state.objects.values()].sort((a, b) => compareText(a.address, b.address))
  const parts = [
    ...(objects.length > 0
      ? [alignColumns([HEADER, ...objects.map(each => toRow(each, now))]).join('\n')]
      : []),
    [summarize(state), ...(state.lock ? [describeLock(state.lock, now)] : [])].join('\n'),
  ]
  return `${parts.join('\n\n')}\n`
}

const toRow = ({ address, status, origin, remoteId, recordedAt }: RecordedObject, now: Instant): string[] => [
  address,
  status,
  origin,
  remoteId === undefined ? '-' : showLine(remoteId),
  agoOf(recordedAt, now),
]

const summarize = ({ objects, tombstones, storeId, head }: RecordedState): string => {
  if (storeId === undefined && objects.size === 0) return 'There is no store yet.'
  const counts = `${countOf(objects.size, 'object')}, ${countOf(tombstones.size, 'tombstone')}`
  return `${counts}. Store ${storeId ?? 'without an id'}, head ${head}.`
}

const describeLock = (
  { id, fence, owner, command, acquiredAt, expiresAt, runUrl }: Lock,
  now: Instant,
): string =>
  showLine(
    `Held by ${owner} (${command}, lock ${id}, fence ${fence}) since ${acquiredAt}, ${agoOf(acquiredAt, now)}; until ${expiresAt}.` +
      (runUrl === undefined ? '' : ` ${runUrl}`),
  )

/** All that is recorded of one object. */
export const renderStateShow = (object: RecordedObject, now: Instant): string => {
  const { address, kind, audience, status, origin, remoteId, carriesFrom, recordedAt, hints } = object
  const head = [
    ['kind', kind],
    ['audience', audience],
    ['status', status],
    ['origin', origin],
    ...(remoteId === undefined ? [] : [['remote id', showLine(remoteId)]]),
    ...(carriesFrom === undefined ? [] : [['carries from', carriesFrom]]),
    ['recorded', `${recordedAt} (${agoOf(recordedAt, now)})`],
  ]
  const parts = [
    [address, ...indent(head)].join('\n'),
    ...renderAttributes('attributes', object.attributes),
    ...renderAttributes('hints', hints ?? {}),
  ]
  return `${parts.join('\n\n')}\n`
}

const renderAttributes = (title: string, attributes: Attributes): string[] => {
  const rows = Object.entries(attributes).map(([attribute, value]) => [showLine(attribute), showValue(value)])
  return rows.length === 0 ? [] : [[title, ...indent(rows)].join('\n')]
}

/** Two columns, both to the left: a number among texts is no column of numbers. */
const indent = (rows: readonly (readonly string[])[]): string[] => {
  const width = Math.max(...rows.map(([name = '']) => name.length))
  return rows.map(([name = '', value = '']) => `  ${name.padEnd(width)}  ${value}`.trimEnd())
}
