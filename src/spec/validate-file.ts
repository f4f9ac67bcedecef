import type { Diagnostic } from '../model/diagnostic.ts'
import { invariant } from '../model/invariant.ts'
import { describeMistake } from './codes.ts'
import type { JsonObject, Path } from './convert.ts'
import { type ParsedSpec, parseSpec, type SpecFile } from './parse.ts'
import { readPointer } from './schema-error.ts'
import { describeSchemaErrors } from './schema-mistakes.ts'
import type { SpecValidator } from './schema-validator.ts'
import { createSourceMap, type SourceMap } from './source-map.ts'

/** One file on its own. `value` is there only when nothing is wrong with it. */
export interface CheckedFile {
  readonly source: SourceMap
  readonly value?: JsonObject
  readonly diagnostics: readonly Diagnostic[]
}

/** Parses one file and holds it against its schema. */
export const validateFile = (file: SpecFile, validator: SpecValidator): CheckedFile => {
  const parsed = parseSpec(file)
  const source = createSourceMap(parsed.path, parsed.text)
  const found = parsed.findings.map(({ code, detail, hint, start, end }) =>
    describeMistake(code, { detail, hint, at: source.placeOf(start, end) }),
  )
  if (parsed.value === undefined) {
    invariant(found.length > 0, `${parsed.path} was refused without a reason`)
    return { source, diagnostics: found }
  }
  const mistakes = checkSchema(parsed, parsed.value, { validator, source })
  const diagnostics = [...found, ...mistakes]
  return diagnostics.length === 0 ? { source, value: parsed.value, diagnostics } : { source, diagnostics }
}

const checkSchema = (
  { refusedPaths }: ParsedSpec,
  value: JsonObject,
  { validator, source }: { validator: SpecValidator; source: SourceMap },
): readonly Diagnostic[] => {
  const errors = validator.check(value)
  if (errors.length === 0) return []
  const telling = errors.filter(
    ({ instancePath }) => !isWithin(readPointer(instancePath, value), refusedPaths),
  )
  return describeSchemaErrors({ value, errors: telling, schema: validator.schema, source })
}

/** A value that was refused while reading has no meaning: what the schema misses in it was never said. */
const isWithin = (path: Path, refusedPaths: readonly Path[]): boolean =>
  refusedPaths.some(refused => refused.every((step, index) => path[index] === step))
