import type { Diagnostic } from '../model/diagnostic.ts'
import { describeMistake } from './codes.ts'
import type { Path } from './convert.ts'
import { findNearestWord, joinWords } from './nearest-word.ts'
import { nameOwner, type SchemaError } from './schema-error.ts'
import { resolveRef, type SchemaNode } from './schema-lookup.ts'
import { writeSample } from './yaml-sample.ts'

/** More samples than this in one sentence help nobody. */
const MAX_SAMPLES = 3

/** Keys that are missing only because they are misspelt: `<object path>/<key>`. */
export type Typos = ReadonlySet<string>

/** Finds required keys for which an unknown key of the same object was probably meant. */
export const findTypos = (errors: readonly SchemaError[]): Typos => {
  const typos = new Set<string>()
  for (const { error, path } of errors) {
    if (error.keyword !== 'additionalProperties') continue
    const allowed = Object.keys((error.parentSchema as SchemaNode).properties ?? {})
    const meant = findNearestWord(String(error.params.additionalProperty), allowed)
    if (meant !== undefined) typos.add(keyOf([...path, meant]))
  }
  return typos
}

/** One diagnostic for each object that lacks keys: they are added in one go. */
export const describeMissingKeys = (errors: readonly SchemaError[], typos: Typos): readonly Diagnostic[] => {
  const byOwner = new Map<string, { first: SchemaError; keys: string[] }>()
  for (const mistake of errors) {
    if (mistake.error.keyword !== 'required') continue
    const key = String(mistake.error.params.missingProperty)
    if (typos.has(keyOf([...mistake.path, key]))) continue
    const owner = byOwner.get(keyOf(mistake.path)) ?? { first: mistake, keys: [] }
    owner.keys.push(key)
    byOwner.set(keyOf(mistake.path), owner)
  }
  return Array.from(byOwner.values(), describeOwner)
}

const describeOwner = ({ first, keys }: { first: SchemaError; keys: readonly string[] }): Diagnostic => {
  const { error, path, schema, source } = first
  const parent = error.parentSchema as SchemaNode
  const quoted = keys.map(key => `"${key}"`)
  return describeMistake('spec/missing-key', {
    detail: `${capitalize(nameOwner(path, parent))} needs the ${keys.length === 1 ? 'key' : 'keys'} ${joinWords(quoted, 'and')}.`,
    hint:
      keys.length > MAX_SAMPLES
        ? 'copy them from another file of this kind, and change the values'
        : `add ${keys.map(key => writePair(schema, parent, key)).join(path.length === 0 ? '; ' : ', ')}`,
    at: source.locate(path, 'key'),
  })
}

/** `key: value` with a value that could stand there: the schema's own example. */
const writePair = (schema: SchemaNode, parent: SchemaNode, key: string): string => {
  const example = resolveRef(schema, parent.properties?.[key] ?? {}).examples?.[0]
  return example === undefined ? key : `${key}: ${writeSample(example)}`
}

const capitalize = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

const keyOf = (path: Path): string => path.join('\0')
