import { join } from 'node:path'
import type { Clock, Spool, SpoolOptions } from '../../ports.ts'
import { openSpool } from '../spool.ts'
import { removeSpool, resumablePath } from '../spool-file.ts'
import type { OpenDeltas } from './batch-writes.ts'
import type { ComputedDelta, DeltaSubject } from './compute-delta.ts'
import { type DeltaOptions, wrapDelta } from './delta.ts'
import type { OpenDelta } from './open-delta.ts'

export interface SpoolTerms extends Pick<DeltaOptions, 'lists' | 'transact' | 'dropTables'> {
  /** Where read people wait on this machine. */
  readonly folder: string
  readonly clock: Pick<Clock, 'now'>
  readonly computeDelta: (subject: DeltaSubject) => Promise<ComputedDelta>
}

/** The spools of a store that is held, and the deltas that came of them. */
export interface Spools {
  readonly openDeltas: OpenDeltas
  open(audience: string, options?: SpoolOptions): Promise<Spool>
}

/** None is open yet. */
export const createSpools = ({ folder, clock, computeDelta, ...delta }: SpoolTerms): Spools => {
  const openDeltas = new Map<string, OpenDelta>()
  let opened = 0
  return {
    openDeltas,
    open: async (audience, { resumeKey } = {}) => {
      opened += 1
      const number = opened
      const resumable = resumablePath(folder, audience)
      if (resumeKey === undefined) await removeSpool(resumable)
      return openSpool({
        path: resumeKey === undefined ? join(folder, `${number}.rows`) : resumable,
        resumeKey,
        clock,
        compare: async (source, { rules, again = false }) => {
          const computed = await computeDelta({ audience, source, rules, again, number })
          openDeltas.set(audience, { ...computed.set, rules })
          const onClose = (): void => void openDeltas.delete(audience)
          return wrapDelta({ ...delta, audience, rules, onClose }, computed)
        },
      })
    },
  }
}
