import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Ajv, type ValidateFunction } from 'ajv'

/** A place in the description, followed key by key. */
type Node = Readonly<Record<string, unknown>>

const require = createRequire(import.meta.url)

/** What may be null, in a way that a reader of JSON Schema knows: OpenAPI 3.0 allows it without a type. */
const readNullable = (_key: string, value: unknown): unknown => {
  const { nullable, ...schema } = (value ?? {}) as Node
  return nullable === true && schema.type === undefined ? { anyOf: [schema, { enum: [null] }] } : value
}

/** GitHub's own description of its API, as published. Loaded once for each file of tests. */
const description = JSON.parse(
  readFileSync(require.resolve('@octokit/openapi/generated/api.github.com.json'), 'utf8'),
  readNullable,
) as Node

const ROOT = 'github'
// It is written for OpenAPI 3.0: formats and annotations of its own, which say nothing about the shape.
const ajv = new Ajv({
  strict: false,
  validateFormats: false,
  allErrors: true,
  logger: false,
  coerceTypes: false,
})
ajv.addSchema({ ...description, $id: ROOT })
const ajvForText = new Ajv({ strict: false, validateFormats: false, coerceTypes: true, logger: false })
ajvForText.addSchema({ ...description, $id: ROOT })

const compiled = new Map<string, ValidateFunction>()

const check = (pointer: string, value: unknown): readonly string[] => {
  const validate = compiled.get(pointer) ?? ajv.compile({ $ref: `${ROOT}#${pointer}` })
  compiled.set(pointer, validate)
  if (validate(value)) return []
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath || 'body'} ${message}`)
}

const escapePointer = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1')

const pointerTo = (...keys: readonly string[]): string => keys.map(key => `/${escapePointer(key)}`).join('')

const lookUp = (pointer: string): unknown =>
  pointer
    .split('/')
    .slice(1)
    .map(key => key.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((node, key) => (node as Node | undefined)?.[key], description)

const follow = (node: unknown): Node | undefined => {
  const reference = (node as Node | undefined)?.$ref
  return typeof reference === 'string' ? (lookUp(reference.slice(1)) as Node) : (node as Node | undefined)
}

/** A call as the description knows it: `GET /repos/{owner}/{repo}/issues`. */
export interface Operation {
  readonly method: string
  /** With parameters in braces, as published. */
  readonly path: string
}

const keysOf = ({ method, path }: Operation): readonly string[] => ['paths', path, method.toLowerCase()]

/** What is wrong with a request, by GitHub's own description: unknown call, unknown parameter, body of another form. */
export const checkRequest = (
  operation: Operation,
  { query, body }: { readonly query: Readonly<Record<string, string>>; readonly body?: unknown },
): readonly string[] => {
  const described = lookUp(pointerTo(...keysOf(operation))) as Node | undefined
  if (!described) return [`${operation.method} ${operation.path} is not described`]
  const parameters = ((described.parameters ?? []) as readonly unknown[]).map(follow)
  const wrongQuery = Object.entries(query).flatMap(([name, value]) => {
    const parameter = parameters.find(each => each?.in === 'query' && each.name === name)
    if (!parameter) return [`query "${name}" is not described`]
    // A root of its own, so that text may be read as the number that it stands for.
    return ajvForText.validate({ type: 'object', properties: { value: inline(parameter.schema) } }, { value })
      ? []
      : [`query "${name}": ${ajvForText.errorsText()}`]
  })
  const hasBody = described.requestBody !== undefined
  if (!hasBody) return body === undefined ? wrongQuery : [...wrongQuery, 'a body where none is described']
  return [
    ...wrongQuery,
    ...check(
      pointerTo(...keysOf(operation), 'requestBody', 'content', 'application/json', 'schema'),
      body ?? {},
    ),
  ]
}

const inline = (schema: unknown): object => {
  const reference = (schema as Node).$ref
  return typeof reference === 'string' ? { $ref: `${ROOT}${reference}` } : (schema as object)
}

const contentOf = (operation: Operation, status: number): readonly string[] | undefined => {
  const keys = [...keysOf(operation), 'responses', String(status)]
  const node = lookUp(pointerTo(...keys)) as Node | undefined
  const reference = node?.$ref
  const base = typeof reference === 'string' ? reference.slice(2).split('/') : keys
  return lookUp(pointerTo(...base, 'content', 'application/json')) === undefined
    ? undefined
    : [...base, 'content', 'application/json']
}

/** What is wrong with an answer of the emulator. */
export const checkAnswer = (operation: Operation, status: number, body: unknown): readonly string[] => {
  const keys = contentOf(operation, status)
  return keys ? check(pointerTo(...keys, 'schema'), body) : []
}

/** The answer that the description gives as its example: everything of it that a test does not care about. */
export const exampleOf = (operation: Operation, status: number): Node => {
  const keys = contentOf(operation, status) ?? []
  const examples = lookUp(pointerTo(...keys, 'examples')) as Node
  const value = follow(Object.values(examples)[0])?.value
  return structuredClone(value) as Node
}
