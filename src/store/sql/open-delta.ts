import type { MembershipRules } from '../../model/membership.ts'
import type { DeltaList } from '../../model/store-write.ts'
import type { KeptTables, TableSet } from './delta-tables.ts'

/** An open delta, as batch writes need it. */
export interface OpenDelta extends Pick<TableSet, 'tables' | 'sizes' | 'nameOf'> {
  readonly rules: MembershipRules | undefined
}

/** The table of each list. */
export const TABLE = { add: 'adds', remove: 'removes', again: 'again' } as const satisfies Record<
  DeltaList,
  keyof KeptTables
>
