import type { SourceSegment } from '../ports.ts'
import type { ImportCandidate } from './import-candidates.ts'

/** Segments of Customer.io that a cohort's name may speak of. */
export interface SegmentMatches {
  /** Called just that, but for case, spaces and signs. One alone is a match; among several a person must choose. */
  readonly same: readonly SourceSegment[]
  /** Only like it, looked for where none is the same: never taken without a person's word. */
  readonly similar: readonly SourceSegment[]
}

/** Looks for the whole name, then for use case and window, then for the use case alone. */
export const matchSegments = (
  { name, useCase, window }: Pick<ImportCandidate, 'name' | 'useCase' | 'window'>,
  segments: readonly SourceSegment[],
): SegmentMatches => {
  const named = segments.map(segment => ({ segment, key: toKey(segment.name) }))
  const find = (wanted: readonly string[], fits: (key: string, wanted: string) => boolean) =>
    wanted
      .map(each => named.filter(({ key }) => fits(key, each)).map(({ segment }) => segment))
      .find(found => found.length > 0) ?? []
  const inside = [toKey(`${useCase}${window}`), toKey(useCase)]
  const same = find([toKey(name), ...inside], (key, wanted) => key === wanted)
  if (same.length > 0) return { same, similar: [] }
  const isLike = (key: string, wanted: string): boolean =>
    key.includes(wanted) || (key !== '' && wanted.includes(key))
  return { same, similar: find(inside, isLike) }
}

/** Letters and digits alone, in lower case: names are written by people. */
const toKey = (name: string): string => name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '')
