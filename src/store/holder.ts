import type { Lock } from '../model/recorded.ts'

/** Who opens a store for writing, and what for. */
export type Holder = Pick<Lock, 'owner' | 'command' | 'runId' | 'runUrl'>

/** Who holds a store, in words. */
export const describeHolder = ({ owner, command, acquiredAt, runUrl }: Lock): string =>
  `${owner} for \`muster ${command}\` since ${acquiredAt}${runUrl === undefined ? '' : ` (${runUrl})`}`
