import { EXPORT_FAULTS } from './export-faults.ts'
import type { ReadReach } from './oracle.ts'
import type { ProcessOptions } from './process.ts'
import { PROCESS_FAULTS } from './process-faults.ts'
import { PUSH_FAULTS } from './push-faults.ts'
import { SOURCE_FAULTS } from './source-faults.ts'
import type { Scene, SceneOptions } from './story.ts'

/** Something that goes wrong during one sync, and how the command must end then. */
export interface SyncFault {
  /** As it stands in the table. */
  readonly name: string
  /** Of the disturbed sync, as docs/commands.md says. Absent: it is killed. */
  readonly exit?: number
  /** How far the read comes, and so whether anybody may be taken out. */
  readonly read: ReadReach
  readonly upset: (scene: Scene) => Promise<void>
  /** Sets right what clearing the injected faults does not. */
  readonly calm?: (scene: Scene) => Promise<void>
  /** It cannot be set right: the cohort stays as it is, and every sync says so. */
  readonly isForGood?: boolean
  /** The next sync is to send everybody again. */
  readonly needsFull?: boolean
  /** An identifier that MoEngage refuses while it takes others. */
  readonly rejects?: string
  /** The disturbed sync is a process of its own, which ends in this way. */
  readonly ends?: () => Pick<ProcessOptions, 'point' | 'isLast' | 'fileLimit'>
  /** A world in which it can happen. */
  readonly scene?: SceneOptions
  /** The identifier is an attribute, which only an export tells. Absent: it is the id. */
  readonly isByAttribute?: boolean
}

/** All of them, in the order of the table. */
export const SYNC_FAULTS: readonly SyncFault[] = [
  ...SOURCE_FAULTS,
  ...EXPORT_FAULTS,
  ...PUSH_FAULTS,
  ...PROCESS_FAULTS,
]
