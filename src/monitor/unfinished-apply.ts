import type { AlertFinding } from '../model/alert.ts'
import type { RunRecord } from '../model/store-write.ts'
import { sayMoment } from './sentence.ts'

/**
 * An apply did not come to its end, and none was done since: what was reviewed is only half there. One that is refused
 * or stale mends nothing. Oldest first; nobody else holds the store meanwhile.
 */
export const checkUnfinishedApply = (applies: readonly RunRecord[]): AlertFinding | undefined => {
  const sinceDone = applies.slice(applies.findLastIndex(({ outcome }) => outcome === 'done') + 1)
  const last = sinceDone.findLast(apply => sayHow(apply) !== undefined)
  if (!last) return undefined
  return {
    code: 'monitor/unfinished-apply',
    summary: 'An apply is not finished',
    detail: `The apply begun at ${sayMoment(last.startedAt)} ${sayHow(last)}, and none was done since.`,
    hint: 'run muster apply again: it goes on with exactly what is left',
  }
}

/** Nothing of one that left nothing half done. A summary is there once changes were tried. */
const sayHow = ({ finishedAt, outcome, summary }: RunRecord): string | undefined => {
  if (finishedAt === undefined) return 'was cut off'
  if (outcome === 'partial') return 'is not done to its end'
  return outcome === 'failed' && summary !== undefined ? 'failed with all its changes' : undefined
}
