import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import type { SchemaNode } from './schema-lookup.ts'

/** The two schemas as parsed JSON. */
export interface SpecSchemas {
  readonly audience: object
  readonly workspace: object
}

/** A compiled schema and the document it came from, which says in words what the code checks. */
export interface SpecValidator {
  readonly schema: SchemaNode
  /** Every error, or none. */
  check(value: unknown): readonly ErrorObject[]
}

export interface SpecValidators {
  readonly audience: SpecValidator
  readonly workspace: SpecValidator
}

/** Compiles both schemas, which takes tens of milliseconds: once for each run. */
export const compileSchemas = ({ audience, workspace }: SpecSchemas): SpecValidators => {
  const ajv = createAjv()
  return {
    audience: wrap(audience, ajv.compile(audience)),
    workspace: wrap(workspace, ajv.compile(workspace)),
  }
}

/** Compiles one schema on its own. */
export const compileSchema = (schema: object): SpecValidator => wrap(schema, createAjv().compile(schema))

const createAjv = (): Ajv2020 =>
  new Ajv2020({
    allErrors: true,
    verbose: true,
    // Reports the branch that the discriminating key names, instead of the mistakes of every branch.
    discriminator: true,
    strict: true,
    strictRequired: false,
  })

const wrap = (schema: SchemaNode, validate: ValidateFunction): SpecValidator => ({
  schema,
  check: value => (validate(value) ? [] : (validate.errors ?? [])),
})
