import { invariant } from '../../model/invariant.ts'

/** How a column is kept, and so how it becomes a text and back. */
export type CellKind = 'text' | 'time' | 'number' | 'flag'

/** A table that a store is made of, in whatever engine. */
export interface PortableTable {
  readonly name: string
  /** In the order in which a row is written down. */
  readonly columns: readonly (readonly [name: string, kind: CellKind])[]
  /** Holds people: copied one audience after the other, each in a transaction. */
  readonly isByAudience: boolean
  /** Rows have an order that they must keep. */
  readonly isOrdered: boolean
}

const texts = (...names: readonly string[]) => names.map(name => [name, 'text'] as const)

/**
 * All that a copy must have of a store: what people see first, then the people. Left out is what belongs to a place and
 * not to the store, such as locks and fences, and what the other engine works out by itself: sizes of ledgers, and the
 * forms that identifiers are compared in.
 */
export const TABLES: readonly PortableTable[] = [
  whole(
    'objects',
    texts(
      'address',
      'kind',
      'audience',
      'attributes',
      'remote_id',
      'status',
      'recorded_at',
      'origin',
      'hints',
      'carries_from',
    ),
  ),
  whole('tombstones', texts('name', 'address', 'retired_at', 'reason', 'cohort_id')),
  whole('synced', texts('audience', 'completed_at')),
  whole('evidence', texts('audience', 'content')),
  whole('allowances', texts('audience', 'guard', 'content')),
  whole('assertions', texts('audience', 'started_at', 'through', 'completed_at', 'reason')),
  whole('alerts', texts('key', 'content')),
  inOrder('sync_counts', texts('run_id', 'audience', 'content')),
  inOrder('journal', [
    ...texts('run_id', 'logged_at', 'address', 'operation', 'phase'),
    ['count', 'number'],
    ...texts('detail'),
  ]),
  inOrder('runs', texts('run_id', 'command', 'started_at', 'finished_at', 'outcome', 'summary')),
  people('ledger', [
    ...texts('audience', 'person', 'identifier'),
    ['entered_at', 'time'],
    ['leaving_since', 'time'],
    ['is_second', 'flag'],
  ]),
  people('unsettled', [...texts('audience', 'identifier', 'direction'), ['attempted_at', 'time']]),
  people('departures', [...texts('audience', 'person'), ['removed_at', 'time']]),
  people('rejected', [...texts('audience', 'identifier'), ['rejected_at', 'time']]),
]

/** The table of a name that is known to be one. */
export const tableNamed = (name: string): PortableTable => {
  const table = TABLES.find(each => each.name === name)
  invariant(table, 'a part of a store is of one of its tables')
  return table
}

function whole(name: string, columns: PortableTable['columns']): PortableTable {
  return { name, columns, isByAudience: false, isOrdered: false }
}

function inOrder(name: string, columns: PortableTable['columns']): PortableTable {
  return { name, columns, isByAudience: false, isOrdered: true }
}

function people(name: string, columns: PortableTable['columns']): PortableTable {
  return { name, columns, isByAudience: true, isOrdered: false }
}
