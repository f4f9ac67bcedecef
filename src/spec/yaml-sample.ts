import { stringify } from 'yaml'

/** A value as one would write it in a spec, on one line: `{ rule: remove }`, `[push, in_app]`, `"01"`. */
export const writeSample = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(writeSample).join(', ')}]`
  if (typeof value !== 'object' || value === null) return stringify(value, { lineWidth: 0 }).trimEnd()
  const pairs = Object.entries(value).map(([key, entry]) => `${key}: ${writeSample(entry)}`)
  return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`
}
