import type { ErrorObject } from 'ajv/dist/2020.js'
import type { Diagnostic } from '../model/diagnostic.ts'
import { describeMistake } from './codes.ts'
import type { JsonValue } from './convert.ts'
import { joinWords, suggestWord } from './nearest-word.ts'
import { nameOwner, readPointer, type SchemaError } from './schema-error.ts'
import { describeMissingKeys, findTypos } from './schema-keys.ts'
import { findSchema, listConstants, type SchemaNode } from './schema-lookup.ts'
import type { SourceMap } from './source-map.ts'
import { quoteText } from './visible-text.ts'
import { describeWrongValue } from './wrong-value.ts'

/** One file that the schema did not accept. */
export interface RefusedValue {
  readonly value: JsonValue
  readonly errors: readonly ErrorObject[]
  readonly schema: SchemaNode
  readonly source: SourceMap
}

/** Say only that another error exists. */
const ECHOES: ReadonlySet<string> = new Set(['if', 'propertyNames', 'oneOf'])

/** Turns what ajv says of one file into diagnostics: one for each mistake, at its place, with a way out. */
export const describeSchemaErrors = ({
  value,
  errors,
  schema,
  source,
}: RefusedValue): readonly Diagnostic[] => {
  const located = errors
    .filter(({ keyword }) => !ECHOES.has(keyword))
    .map(error => ({ error, path: readPointer(error.instancePath, value), schema, source }))
  const typos = findTypos(located)
  const missing = describeMissingKeys(located, typos)
  const others = located.filter(({ error }) => error.keyword !== 'required').map(describeError)
  return keepFirstPerPlace([...missing, ...others])
}

const describeError = (mistake: SchemaError): Diagnostic => {
  switch (mistake.error.keyword) {
    case 'additionalProperties':
      return describeUnknownKey(mistake)
    case 'discriminator':
      return describeUnknownForm(mistake)
    case 'dependentRequired':
      return describeLonelyKey(mistake)
    default:
      return describeWrongValue(mistake)
  }
}

const describeUnknownKey = ({ error, path, source }: SchemaError): Diagnostic => {
  const key = String(error.params.additionalProperty)
  const allowed = Object.keys((error.parentSchema as SchemaNode).properties ?? {})
  const free = allowed.filter(other => !Object.hasOwn(error.data as object, other))
  return describeMistake('spec/unknown-key', {
    detail: `${quoteText(key)} is not a key of ${nameOwner(path, error.parentSchema as SchemaNode)}.`,
    hint: suggestWord(
      key,
      allowed,
      free.length === 0 ? 'remove it' : `remove it, or use ${joinWords(free, 'or')}`,
    ),
    at: source.locate([...path, key], 'key'),
  })
}

/** The key that decides the form of an object (`rule`, `stage`) is missing or has a value that no form has. */
const describeUnknownForm = ({ error, path, schema, source }: SchemaError): Diagnostic => {
  const tag = String(error.params.tag)
  const allowed = listConstants(schema, findSchema(schema, path) ?? {}, tag)
  const written: unknown = error.params.tagValue
  const hasKey = typeof error.data === 'object' && error.data !== null && Object.hasOwn(error.data, tag)
  if (!hasKey)
    return describeMistake('spec/missing-key', {
      detail: `${nameOwner(path, error.parentSchema as SchemaNode)} needs the key "${tag}".`,
      hint: `add "${tag}": ${joinWords(allowed, 'or')}`,
      at: source.locate(path, 'key'),
    })
  return describeMistake('spec/enum', {
    detail: `${quoteText(String(written ?? 'null'))} is not a value of "${tag}".`,
    hint: suggestWord(String(written), allowed, `use ${joinWords(allowed, 'or')}`),
    at: source.locate([...path, tag]),
  })
}

const describeLonelyKey = ({ error, path, source }: SchemaError): Diagnostic => {
  const present = String(error.params.property)
  const absent = String(error.params.missingProperty)
  return describeMistake('spec/missing-key', {
    detail: `"${present}" is of no use without "${absent}".`,
    hint: `add "${absent}", or remove "${present}"`,
    at: source.locate([...path, present], 'key'),
  })
}

/** A value of the wrong type also fails whatever else is said of it, and unions say the same twice. */
const keepFirstPerPlace = (diagnostics: readonly Diagnostic[]): readonly Diagnostic[] => {
  const seen = new Set<string>()
  return diagnostics.filter(({ code, detail, at }) => {
    const key = `${code}\0${detail}\0${at?.line}\0${at?.column}`
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}
