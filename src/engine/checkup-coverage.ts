import { amount, percent } from '../membership/guard-finding.ts'
import { measureCoverage } from '../membership/guard-source.ts'
import type { Audience } from '../model/audience.ts'
import type { Check } from '../model/checkup.ts'
import type { RecordedState } from '../model/recorded.ts'
import { sourceAddress } from '../plan/address.ts'
import type { DestinationReader, PageKey, SourceReader } from '../ports.ts'
import { check, nameFew, ok, trouble, unchecked } from './checkup.ts'

/** People of a segment's first page: enough to see that a key is the wrong one, at one call an audience. */
const SAMPLE = 1_000

export interface CoverageCheckup {
  readonly source: SourceReader
  readonly refuses: DestinationReader['refusesIdentifier']
  readonly audiences: readonly Audience[]
  readonly recorded: RecordedState
}

interface Sampled {
  readonly id: string
  readonly people: number
  readonly coverage: number
  readonly isEnough: boolean
  readonly wanted: number
}

/** How many of each audience's people carry the identifier that MoEngage is to know them by. Counts alone are kept. */
export const examineCoverage = (input: CoverageCheckup): Promise<Check> =>
  check('coverage', async () => {
    const sampled: Sampled[] = []
    for (const audience of input.audiences) {
      const sample = await sampleOne(input, audience)
      if (sample && sample.people > 0) sampled.push(sample)
    }
    return judge(sampled, input.audiences.length)
  })

const sampleOne = async (
  { source, refuses, recorded }: CoverageCheckup,
  audience: Audience,
): Promise<Sampled | undefined> => {
  const key = pageKeyOf(audience)
  const segmentId = segmentOf(audience, recorded)
  if (key === undefined || segmentId === undefined) return undefined
  const { people } = await source.readPeoplePage(segmentId, { key, limit: SAMPLE })
  const missing = people.filter(({ value }) => value === undefined || refuses(value) !== undefined).length
  return {
    id: audience.id,
    people: people.length,
    wanted: audience.identifier.minCoverage,
    ...measureCoverage(audience, people.length, missing),
  }
}

/** Other attributes take a people export, which is made by a call that is no read. */
const pageKeyOf = ({ identifier: { key } }: Audience): PageKey | undefined =>
  key.kind === 'attribute' ? undefined : key.kind

const segmentOf = ({ id, source }: Audience, { objects }: RecordedState): number | undefined => {
  if (source.kind === 'segment') return source.segmentId
  const made = objects.get(sourceAddress(id))?.remoteId
  return made === undefined ? undefined : Number(made)
}

const judge = (sampled: readonly Sampled[], audiences: number): Check => {
  const [lowest] = [...sampled].sort((a, b) => a.coverage - b.coverage)
  if (!lowest)
    return unchecked('coverage', 'not checked: no segment has people whose identifier a page shows')
  const short = sampled.filter(({ isEnough }) => !isEnough)
  if (short.length > 0)
    return trouble(
      'coverage',
      `too few people carry the identifier: ${nameFew(short.map(({ id, coverage, wanted }) => `${id} ${percent(coverage, wanted)} of at least ${percent(wanted)}`))}`,
      'choose an identifier that people carry, repair it in Customer.io, or lower min_coverage and say why',
    )
  const rest = audiences - sampled.length
  const others = rest > 0 ? `; ${amount(rest)} not sampled` : ''
  return ok(
    'coverage',
    `lowest ${percent(lowest.coverage)} (${lowest.id}, of the first ${amount(lowest.people)})${others}`,
  )
}
