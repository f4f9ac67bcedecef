import { readdirSync, readFileSync } from 'node:fs'
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js'
import { parse } from 'yaml'

/** A JSON Schema or a part of one, as it was written. */
export type SchemaNode = Readonly<Record<string, unknown>>

export type SchemaName = 'audience' | 'workspace' | 'plan'

export const ROOT = new URL('../../', import.meta.url)

const readSchema = (name: SchemaName): SchemaNode =>
  JSON.parse(readFileSync(new URL(`schema/${name}.schema.json`, ROOT), 'utf8'))

/** The schemas of what people write, and of what they review. */
export const SCHEMAS: Readonly<Record<SchemaName, SchemaNode>> = {
  audience: readSchema('audience'),
  workspace: readSchema('workspace'),
  plan: readSchema('plan'),
}

/** A strict validator that knows all schemas. `discriminator` makes it judge only the branch that was chosen. */
export const createAjv = (): Ajv2020 => {
  const ajv = new Ajv2020({ strict: true, allErrors: true, discriminator: true })
  for (const schema of Object.values(SCHEMAS)) ajv.addSchema(schema)
  return ajv
}

const ajv = createAjv()

/** Keywords that only choose a form: the mistake itself is reported by another keyword, at a better place. */
const CHOOSING = new Set(['if', 'discriminator'])

/** All mistakes of a value, each once. */
export const findMistakes = (name: SchemaName, value: unknown): readonly ErrorObject[] => {
  const validate = ajv.getSchema(String(SCHEMAS[name].$id))
  if (validate === undefined) throw new Error(`no schema ${name}`)
  validate(value)
  return (validate.errors ?? []).filter(({ keyword }) => !CHOOSING.has(keyword))
}

/** A file of the shipped programme. */
export interface ShippedFile {
  readonly file: string
  readonly schema: SchemaName
  readonly text: string
  readonly value: Readonly<Record<string, unknown>>
}

/** The shipped programme, workspace included, in order of file names. */
export const readProgramme = (): readonly ShippedFile[] =>
  readdirSync(new URL('audiences/', ROOT))
    .filter(file => file.endsWith('.yaml'))
    .sort()
    .map(file => {
      const text = readFileSync(new URL(`audiences/${file}`, ROOT), 'utf8')
      const schema = file === 'workspace.yaml' ? 'workspace' : 'audience'
      return { file, schema, text, value: parse(text) }
    })
