import { describe, expect, test } from 'vitest'
import { createAjv, SCHEMAS, type SchemaName, type SchemaNode } from './fixtures.ts'

/** A schema that a person meets: a key, a definition, a form of one, an item of a list. */
interface DocumentedNode {
  readonly pointer: string
  readonly node: SchemaNode
}

/** Keywords whose value is a schema, or a map of them. `if` only asks; nobody reads it. */
const NESTED = ['items', 'additionalProperties', 'then', 'else'] as const
const MAPS = ['properties', '$defs', 'oneOf'] as const

const isSchemaNode = (value: unknown): value is SchemaNode => typeof value === 'object' && value !== null

const listNodes = (node: SchemaNode, pointer = ''): readonly DocumentedNode[] => {
  const nested = NESTED.map(keyword => [keyword, node[keyword]] as const)
  const mapped = MAPS.flatMap(keyword =>
    Object.entries(node[keyword] ?? {}).map(
      ([key, value]) => [`${keyword}/${key.replaceAll('/', '~1')}`, value] as const,
    ),
  )
  const children = [...nested, ...mapped].flatMap(([path, value]) =>
    isSchemaNode(value) ? listNodes(value, `${pointer}/${path}`) : [],
  )
  return [{ pointer, node }, ...children]
}

/** What an editor shows of a node: what stands beside a `$ref` wins over what it points to. */
const resolveNode = (schema: SchemaNode, node: SchemaNode): SchemaNode => {
  const definitions = schema.$defs as Readonly<Record<string, SchemaNode>>
  const key = String(node.$ref ?? '').replace('#/$defs/', '')
  return { ...definitions[key], ...node }
}

describe.each(Object.keys(SCHEMAS) as SchemaName[])('the %s schema', name => {
  const schema = SCHEMAS[name]
  const nodes = listNodes(schema)

  test('says title, description and an example of every key and every form', () => {
    const silent = nodes.filter(({ node }) => {
      const { title, description, examples } = resolveNode(schema, node)
      return !title || !description || !Array.isArray(examples) || examples.length === 0
    })
    expect(silent.map(({ pointer }) => pointer)).toEqual([])
  })

  test('gives only examples and defaults that it accepts itself', () => {
    const ajv = createAjv()
    const wrong = nodes.flatMap(({ pointer, node }) => {
      const validate = ajv.compile({ $ref: `${schema.$id}#${pointer.replaceAll('$', '%24')}` })
      const samples = [...((node.examples as readonly unknown[] | undefined) ?? []), node.default]
      return samples
        .filter(sample => sample !== undefined && !validate(sample))
        .map(sample => ({ pointer, sample }))
    })
    expect(wrong).toEqual([])
  })

  test('allows no key it does not know', () => {
    const open = nodes.filter(
      ({ node }) =>
        node.type === 'object' &&
        node.additionalProperties === undefined &&
        node.oneOf === undefined &&
        node.if === undefined,
    )
    expect(open.map(({ pointer }) => pointer)).toEqual([])
  })

  test('holds no definition that nothing uses', () => {
    const text = JSON.stringify(schema)
    const unused = Object.keys(schema.$defs as object).filter(key => !text.includes(`"#/$defs/${key}"`))
    expect(unused).toEqual([])
  })
})

test('what the schemas of both kinds of file define in general terms, they define alike', () => {
  const shared = ['identifier_builtin', 'identifier_attribute', 'percent', 'growth', 'max_members', 'floor']
  const pick = (name: SchemaName) => {
    const definitions = SCHEMAS[name].$defs as Readonly<Record<string, unknown>>
    return shared.map(key => definitions[key])
  }
  expect(pick('audience')).toEqual(pick('workspace'))
})
