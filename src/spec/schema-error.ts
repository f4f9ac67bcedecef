import type { ErrorObject } from 'ajv/dist/2020.js'
import type { JsonValue, Path } from './convert.ts'
import type { SchemaNode } from './schema-lookup.ts'
import type { SourceMap } from './source-map.ts'

/** What one ajv error is about. */
export interface SchemaError {
  readonly error: ErrorObject
  readonly path: Path
  readonly schema: SchemaNode
  readonly source: SourceMap
}

/** What a key belongs to, as a person would say it: `"owner"`, or the kind of file at its root. */
export const nameOwner = (path: Path, schema: SchemaNode): string => {
  const key = path.findLast(step => typeof step === 'string')
  return key === undefined ? `the ${(schema.title ?? 'file').toLowerCase()} file` : `"${key}"`
}

/** A JSON pointer as a path. Steps into lists become numbers, so that a key named "0" stays a key. */
export const readPointer = (pointer: string, root: JsonValue): Path => {
  const path: (string | number)[] = []
  let node: unknown = root
  for (const escaped of pointer.split('/').slice(1)) {
    const step = escaped.replaceAll('~1', '/').replaceAll('~0', '~')
    path.push(Array.isArray(node) ? Number(step) : step)
    node = (node as Record<string, unknown> | undefined)?.[step]
  }
  return path
}
