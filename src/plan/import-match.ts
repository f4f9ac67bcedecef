import type { SourceSegment } from '../ports.ts'
import type { NameParts } from './import-candidates.ts'

/** Which segments of Customer.io a cohort's name speaks of. One: a match; several: a person must choose. */
export const matchSegments = (
  { useCase, window }: NameParts,
  segments: readonly SourceSegment[],
): readonly SourceSegment[] => {
  const named = segments.map(segment => ({ segment, key: toKey(segment.name) }))
  for (const wanted of [toKey(`${useCase}${window}`), toKey(useCase)]) {
    const same = named.filter(({ key }) => key === wanted)
    if (same.length > 0) return same.map(({ segment }) => segment)
  }
  for (const wanted of [toKey(`${useCase}${window}`), toKey(useCase)]) {
    const similar = named.filter(({ key }) => key.includes(wanted) || (key !== '' && wanted.includes(key)))
    if (similar.length > 0) return similar.map(({ segment }) => segment)
  }
  return []
}

/** Letters and digits alone, in lower case: names are written by people. */
const toKey = (name: string): string => name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '')
