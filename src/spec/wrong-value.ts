import type { Diagnostic } from '../model/diagnostic.ts'
import { describeMistake, type SpecCode } from './codes.ts'
import type { Path } from './convert.ts'
import { joinWords, suggestWord } from './nearest-word.ts'
import { NOT_BLANK, PATTERN_WORDS } from './pattern-words.ts'
import type { SchemaError } from './schema-error.ts'
import { findSchema, listForms, type SchemaNode } from './schema-lookup.ts'
import { quoteText } from './visible-text.ts'
import { writeSample } from './yaml-sample.ts'

/** A diagnostic about a value, by the keyword of the schema that it fails. */
export const describeWrongValue = (mistake: SchemaError): Diagnostic => {
  const { code, detail, hint, path = mistake.path } = explain(mistake)
  return describeMistake(code, {
    detail,
    hint,
    at: mistake.source.locate(path, code === 'spec/key-form' ? 'key' : 'value'),
  })
}

interface Explanation {
  readonly code: SpecCode
  readonly detail: string
  readonly hint: string
  /** Where it is, when not at the value that ajv names. */
  readonly path?: Path
}

const explain = (mistake: SchemaError): Explanation => {
  const { error } = mistake
  if (error.propertyName !== undefined) return explainKeyForm(mistake, error.propertyName)
  switch (error.keyword) {
    case 'type':
      return explainType(mistake)
    case 'enum':
    case 'const':
      return typeof error.data === 'string' ? explainEnum(mistake) : explainType(mistake)
    case 'pattern':
      return explainPattern(mistake)
    case 'minLength':
    case 'maxLength':
      return explainLength(mistake)
    case 'minimum':
    case 'maximum':
      return explainRange(mistake)
    case 'minItems':
    case 'maxItems':
    case 'minProperties':
      return explainCount(mistake)
    case 'uniqueItems':
      return explainRepetition(mistake)
    default:
      return {
        code: 'spec/schema',
        detail: `${nameValue(mistake)} ${error.message ?? 'is not allowed'}.`,
        hint: suggestSample(mistake),
      }
  }
}

const explainType = (mistake: SchemaError): Explanation => {
  const { error } = mistake
  const wanted = listWantedTypes(mistake)
  const detail = `${nameValue(mistake)} must be ${joinWords(wanted, 'or')}, and this is ${nameType(error.data)}.`
  return { code: 'spec/type', detail, hint: suggestType(mistake, wanted) }
}

const suggestType = (mistake: SchemaError, wanted: readonly string[]): string => {
  const { data } = mistake.error
  if (wanted.includes('true or false') && typeof data === 'string') {
    if (/^(?:y|yes|on)$/i.test(data)) return 'write true'
    if (/^(?:n|no|off)$/i.test(data)) return 'write false'
  }
  if (wanted.includes('a list') && typeof data === 'string')
    return `put it in brackets: [${writeSample(data)}]`
  if (wanted.includes('text') && typeof data === 'number') return suggestTextFor(data, mistake)
  return suggestSample(mistake)
}

/** Durations and percentages are text that begins with a number: quotes around the number would not help. */
const suggestTextFor = (written: number, { error }: SchemaError): string => {
  const own = error.parentSchema as SchemaNode & { readonly pattern?: string }
  if (own.pattern?.endsWith('(m|h|d)$')) return `add the unit: ${written}m, ${written}h or ${written}d`
  if (own.pattern?.endsWith('%$')) return `add the sign: ${written}%`
  return `put it in quotes: "${written}"`
}

const explainEnum = (mistake: SchemaError): Explanation => {
  const { error } = mistake
  const allowed = ((error.params.allowedValues ?? [error.params.allowedValue]) as unknown[]).map(String)
  const written = String(error.data)
  const reason = mistake.path.at(-1) === 'intent' && written === 'analysis' ? NO_ANALYSIS : ''
  return {
    code: 'spec/enum',
    detail: `${quoteText(written)} is not a value of ${nameKey(mistake)}${reason}.`,
    hint: suggestWord(
      written,
      allowed,
      allowed.length > MOST_LISTED ? suggestSample(mistake) : `use ${joinWords(allowed, 'or')}`,
    ),
  }
}

/** The one value that people expect and that is left out on purpose. */
const NO_ANALYSIS = ': whoever is only counted needs no cohort in MoEngage, and stays in Customer.io'

/** A longer list than this is no hint. */
const MOST_LISTED = 20

/** The value is not repeated: it may be a key that somebody pasted. */
const explainPattern = (mistake: SchemaError): Explanation => {
  const pattern = String(mistake.error.params.pattern)
  const hint = suggestSample(mistake)
  if (pattern === NOT_BLANK)
    return { code: 'spec/length', detail: `${nameValue(mistake)} holds nothing but blanks.`, hint }
  const words = PATTERN_WORDS[pattern] ?? `text of the form ${pattern}`
  return { code: 'spec/pattern', detail: `${nameValue(mistake)} must be ${words}.`, hint }
}

const explainLength = (mistake: SchemaError): Explanation => {
  const { error } = mistake
  const limit = Number(error.params.limit)
  const length = Array.from(String(error.data)).length
  if (error.keyword === 'minLength')
    return { code: 'spec/length', detail: `${nameValue(mistake)} is empty.`, hint: suggestSample(mistake) }
  return {
    code: 'spec/length',
    detail: `${nameValue(mistake)} has ${length} characters, and ${limit} are allowed.`,
    hint: `shorten it by ${length - limit}`,
  }
}

const explainRange = (mistake: SchemaError): Explanation => {
  const { error } = mistake
  const limit = Number(error.params.limit)
  const bound = error.keyword === 'minimum' ? 'at least' : 'at most'
  return {
    code: 'spec/range',
    detail: `${nameValue(mistake)} must be ${bound} ${limit}, and this is ${String(error.data)}.`,
    hint: suggestSample(mistake),
  }
}

const explainCount = (mistake: SchemaError): Explanation => {
  const { error } = mistake
  if (error.keyword === 'maxItems') return explainTooMany(mistake)
  const isEmptyMapping = error.keyword === 'minProperties'
  return {
    code: 'spec/count',
    detail: `${nameValue(mistake)} is empty.`,
    hint: `${suggestSample(mistake)}${isEmptyMapping ? ', or remove the key' : ''}`,
  }
}

/** Of suppressions, the number is not ours to raise, so its reason is told too. */
const explainTooMany = (mistake: SchemaError): Explanation => {
  const limit = Number(mistake.error.params.limit)
  const count = (mistake.error.data as unknown[]).length
  const detail = `${nameValue(mistake)} has ${count} entries, and ${limit} are allowed`
  const hint = `remove ${count - limit}`
  if (mistake.path.at(-1) !== 'suppressed_by') return { code: 'spec/count', detail: `${detail}.`, hint }
  return {
    code: 'spec/too-many-suppressions',
    detail: `${detail}: MoEngage combines at most ${limit + 1} segments, and the cohort is one of them.`,
    hint: `${hint}, or let one audience hold the people of several`,
  }
}

/** ajv gives the later position as `i`. The entry is not repeated: it may be a tester's identifier. */
const explainRepetition = (mistake: SchemaError): Explanation => {
  const positions = [Number(mistake.error.params.i), Number(mistake.error.params.j)].sort((a, b) => a - b)
  const [first = 0, second = 0] = positions
  return {
    code: 'spec/duplicate-item',
    detail: `Entries ${first + 1} and ${second + 1} of ${nameKey(mistake)} are the same.`,
    hint: 'remove one of both',
    path: [...mistake.path, second],
  }
}

const explainKeyForm = ({ error, path }: SchemaError, key: string): Explanation => {
  const detail =
    error.keyword === 'maxLength'
      ? `${quoteText(key)} is longer than ${String(error.params.limit)} characters.`
      : `${quoteText(key)} is not made of lower-case words joined by hyphens.`
  return { code: 'spec/key-form', detail, hint: 'choose another name, such as "live"', path: [...path, key] }
}

const listWantedTypes = ({ schema, path, error }: SchemaError): readonly string[] => {
  const forms = listForms(schema, findSchema(schema, path) ?? (error.parentSchema as SchemaNode))
  return Array.from(new Set(forms.map(nameWantedType)))
}

const nameWantedType = (form: SchemaNode): string => {
  if (form.type === undefined) return joinWords((form.enum ?? [form.const]).map(String), 'or')
  return TYPE_NAMES[form.type] ?? form.type
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping of keys to values',
}

const nameType = (value: unknown): string => {
  if (value === null) return 'empty'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a mapping'
  return typeof value === 'string'
    ? 'text'
    : `the ${typeof value === 'number' ? 'number' : 'value'} ${String(value)}`
}

/** The value as the subject of a sentence. */
const nameValue = (mistake: SchemaError): string =>
  typeof mistake.path.at(-1) === 'number' ? `An entry of ${nameKey(mistake)}` : nameKey(mistake)

/** The nearest key above a value, in quotes. */
const nameKey = ({ path }: SchemaError): string => {
  const key = path.findLast(step => typeof step === 'string')
  return key === undefined ? 'the file' : quoteText(key)
}

const suggestSample = ({ schema, path, error }: SchemaError): string => {
  const example = (findSchema(schema, path) ?? (error.parentSchema as SchemaNode)).examples?.[0]
  return example === undefined ? 'see the schema' : `for example ${writeSample(example)}`
}
