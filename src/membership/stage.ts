import { createHash } from 'node:crypto'
import type { AudienceId, Stage } from '../model/audience.ts'
import { unreachable } from '../model/invariant.ts'
import type { Member } from '../model/membership.ts'

/** Decides who of the source belongs to the cohort at this stage. */
export type StageFilter = (member: Member) => boolean

/** `testers` are identifiers of the workspace's own people. `paused` lets nobody in: callers skip such an audience. */
export const createStageFilter = (
  audience: AudienceId,
  stage: Stage,
  testers: readonly string[],
): StageFilter => {
  switch (stage.kind) {
    case 'live':
      return () => true
    case 'paused':
      return () => false
    case 'qa': {
      const known = new Set(testers)
      return ({ identifier }) => known.has(identifier)
    }
    case 'canary':
      return ({ person }) => bucketOf(audience, person) < stage.percent * BUCKETS_PER_PERCENT
    default:
      return unreachable(stage)
  }
}

const BUCKETS_PER_PERCENT = 100
const BUCKETS = 100 * BUCKETS_PER_PERCENT

/**
 * 0 to 9,999, from the first four bytes of SHA-256 over audience and person. The same people next time, 20 percent
 * contains the 10 percent, and another audience draws another tenth. Fixed vectors in the tests pin it: changing
 * it would swap the people of every canary.
 */
export const bucketOf = (audience: AudienceId, person: string): number =>
  createHash('sha256').update(`${audience}\n${person}`).digest().readUInt32BE(0) % BUCKETS
