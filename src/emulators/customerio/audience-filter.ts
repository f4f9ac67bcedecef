import type { WireObject } from '../http.ts'
import { isWireObject } from '../http.ts'
import type { Population } from '../population.ts'
import type { SegmentRegistry } from './segments.ts'

/** Whether a person passes an audience filter. */
type PersonTest = (person: number) => boolean

/** What a filter is evaluated against. */
export interface FilterWorld {
  population: Population
  segments: SegmentRegistry
}

const nobody: PersonTest = () => false

const readSegment = (wire: unknown, { segments }: FilterWorld): PersonTest | undefined => {
  if (!isWireObject(wire) || typeof wire.id !== 'number') return undefined
  const segment = segments.find(wire.id)
  if (segment === undefined) return nobody
  const people = new Set(segments.shownIn(segment))
  return person => people.has(person)
}

/** A person's field as the filters and the exports see it: identifiers and attributes, all text. */
export const fieldOf = (population: Population, person: number, field: string): string | undefined => {
  const identity: Readonly<Record<string, string | null>> = { ...population.identityOf(person) }
  return identity[field] ?? population.attributesOf(person)[field]
}

const readAttribute = (wire: unknown, { population }: FilterWorld): PersonTest | undefined => {
  if (!isWireObject(wire) || typeof wire.field !== 'string') return undefined
  const { field, operator, value } = wire
  if (operator === 'exists') return person => fieldOf(population, person, field) !== undefined
  if (operator !== 'eq' || typeof value !== 'string') return undefined
  return person => fieldOf(population, person, field) === value
}

const readAll = (wire: unknown, world: FilterWorld): PersonTest[] | undefined => {
  if (!Array.isArray(wire)) return undefined
  const tests = wire.map(part => readAudienceFilter(part, world))
  const valid = tests.filter(test => test !== undefined)
  return valid.length === tests.length ? valid : undefined
}

const readNegation = (wire: unknown, world: FilterWorld): PersonTest | undefined => {
  const test = readAudienceFilter(wire, world)
  return test && (person => !test(person))
}

const readOne = (key: string, wire: WireObject, world: FilterWorld): PersonTest | undefined => {
  if (key === 'segment') return readSegment(wire[key], world)
  if (key === 'attribute') return readAttribute(wire[key], world)
  if (key === 'not') return readNegation(wire[key], world)
  if (key !== 'and' && key !== 'or') return undefined
  const tests = readAll(wire[key], world)
  if (tests === undefined) return undefined
  return key === 'and'
    ? person => tests.every(test => test(person))
    : person => tests.some(test => test(person))
}

/** Reads `and`, `or`, `not`, `segment`, `attribute`: exactly one at each level. Undefined when malformed. */
export const readAudienceFilter = (wire: unknown, world: FilterWorld): PersonTest | undefined => {
  if (!isWireObject(wire)) return undefined
  const [key, ...others] = Object.keys(wire)
  if (key === undefined || others.length > 0) return undefined
  return readOne(key, wire, world)
}
