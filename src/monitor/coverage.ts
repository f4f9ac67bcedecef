import type { SyncCount } from '../model/history.ts'
import { sayPercent } from './sentence.ts'
import { type AudienceCheck, earlierThan, latestOf, meanOf } from './watched.ts'

/** The guard stops a sync below the declared limit. This tells on the way down. */
export const checkCoverage: AudienceCheck = watched => {
  const { audience, rules } = watched
  const latest = latestOf(watched)
  if (!latest || latest.read < audience.limits.floor) return undefined
  const usual = meanOf(
    earlierThan(latest, watched).flatMap(count => (count.read > 0 ? [coverageOf(count)] : [])),
  )
  if (usual === undefined) return undefined
  const coverage = coverageOf(latest)
  // In thousandths of a point: 0.98 less 0.95 is a little more than 0.03.
  if (Math.round((usual - coverage) * 1e5) <= Math.round(rules.coverageFall * 1e5)) return undefined
  return {
    code: 'monitor/coverage',
    audience: audience.id,
    summary: 'Fewer people carry the identifier',
    detail: `${audience.id}: ${sayPercent(coverage)} of the people in the segment can be sent, ${sayPercent(usual)} in the mean of the last runs (limit ${sayPercent(rules.coverageFall)} less).`,
    hint: 'find out in Customer.io since when profiles come without it: a sign-up form, an import',
  }
}

const coverageOf = ({ read, skipped }: SyncCount): number => (read - skipped) / read
