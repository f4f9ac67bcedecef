import type { AlertFinding } from '../model/alert.ts'
import type { RunRecord } from '../model/store-write.ts'
import { sayMoment } from './sentence.ts'

/** The last apply did not come to its end: what was reviewed is only half there. Nobody else holds the store meanwhile. */
export const checkUnfinishedApply = (applies: readonly RunRecord[]): AlertFinding | undefined => {
  const last = applies.at(-1)
  if (!last || (last.finishedAt !== undefined && last.outcome !== 'partial')) return undefined
  const how = last.finishedAt === undefined ? 'was cut off' : 'is not done to its end'
  return {
    code: 'monitor/unfinished-apply',
    summary: 'An apply is not finished',
    detail: `The last apply, begun at ${sayMoment(last.startedAt)}, ${how}.`,
    hint: 'run muster apply again: it goes on with exactly what is left',
  }
}
