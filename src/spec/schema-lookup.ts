/** The parts of a JSON schema that our own schemas use and that diagnostics speak of. */
export interface SchemaNode {
  readonly $ref?: string
  readonly $defs?: Readonly<Record<string, SchemaNode>>
  readonly title?: string
  readonly description?: string
  readonly examples?: readonly unknown[]
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly type?: string
  readonly properties?: Readonly<Record<string, SchemaNode>>
  readonly additionalProperties?: boolean | SchemaNode
  readonly items?: SchemaNode
  readonly oneOf?: readonly SchemaNode[]
  readonly then?: SchemaNode
  readonly else?: SchemaNode
}

/** The node with what it refers to filled in. What stands beside a `$ref` wins: it is the more particular word. */
export const resolveRef = (root: SchemaNode, node: SchemaNode): SchemaNode => {
  const name = node.$ref?.replace('#/$defs/', '')
  const target = name === undefined ? undefined : root.$defs?.[name]
  if (!target) return node
  const { $ref: _followed, ...own } = node
  return { ...resolveRef(root, target), ...own }
}

/** The forms a value may take: itself, or the branches of its union. */
export const listForms = (root: SchemaNode, node: SchemaNode): readonly SchemaNode[] => {
  const resolved = resolveRef(root, node)
  const branches = [
    ...(resolved.oneOf ?? []),
    ...[resolved.then, resolved.else].filter(branch => branch !== undefined),
  ]
  return branches.length === 0 ? [resolved] : branches.flatMap(branch => listForms(root, branch))
}

/** The schema at a path of a value, or undefined where the schema says nothing. Looks into every form on the way. */
export const findSchema = (root: SchemaNode, path: readonly (string | number)[]): SchemaNode | undefined => {
  let node: SchemaNode | undefined = root
  for (const step of path) {
    if (node === undefined) return undefined
    node = findChild(root, node, step)
  }
  return node && resolveRef(root, node)
}

/** The values a discriminating key may have, over all forms. */
export const listConstants = (root: SchemaNode, node: SchemaNode, key: string): readonly string[] =>
  listForms(root, node).flatMap(form => {
    const child = form.properties?.[key]
    return child === undefined ? [] : (child.enum ?? [child.const]).map(String)
  })

const findChild = (root: SchemaNode, node: SchemaNode, step: string | number): SchemaNode | undefined => {
  for (const form of listForms(root, node)) {
    if (typeof step === 'number') {
      if (form.items) return form.items
      continue
    }
    const properties = form.properties
    if (properties && Object.hasOwn(properties, step)) return properties[step]
    if (typeof form.additionalProperties === 'object') return form.additionalProperties
  }
  return undefined
}
