import { isAlias, isMap, isScalar, isSeq, type ParsedNode, Scalar, type YAMLMap } from 'yaml'
import type { Finding } from './finding.ts'
import { readPlainScalar } from './plain-scalar.ts'
import { findInvisible, hasInvisible, hasLoneSurrogate, quoteText } from './visible-text.ts'

/** A value as JSON has them: what ajv and the rest of the program are given. */
export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject
export interface JsonObject {
  [key: string]: JsonValue
}

/** A place inside a value: keys and indexes from the root. */
export type Path = readonly (string | number)[]

/** What one pass over the nodes gave. */
export interface ConvertedText {
  readonly value: JsonValue
  readonly findings: readonly Finding[]
  /** Values that have no meaning because they were refused; whatever the schema says of them is noise. */
  readonly refusedPaths: readonly Path[]
}

const RESERVED_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

/** Turns composed nodes into a plain value and refuses on the way what specs may not hold. One pass, no second visit. */
export const convertNodes = (root: ParsedNode): ConvertedText => {
  const findings: Finding[] = []
  const refusedPaths: Path[] = []
  const path: (string | number)[] = []

  const refuse = (
    node: { range?: readonly number[] | null },
    finding: Omit<Finding, 'start' | 'end'>,
  ): void => {
    findings.push({ ...finding, start: node.range?.[0] ?? 0, end: node.range?.[1] ?? 0 })
  }

  const convertScalar = (node: Scalar): JsonValue => {
    const text = String(node.value)
    if (node.type === Scalar.PLAIN) {
      const read = readPlainScalar(text)
      if (read.kind === 'value') return read.value
      refuse(node, read.finding)
      refusedPaths.push([...path])
      return null
    }
    if (node.type === Scalar.QUOTE_DOUBLE && hasInvisible(text)) refuse(node, refuseEscape(text))
    if (node.type === Scalar.QUOTE_DOUBLE && hasLoneSurrogate(text)) refuse(node, BROKEN_CHARACTER)
    return text
  }

  const convertMap = (node: YAMLMap): JsonObject => {
    const object: JsonObject = {}
    for (const { key, value } of node.items) {
      const name = convertKey(key)
      if (name === undefined) continue
      path.push(name)
      const converted = convertNode(value)
      if (Object.hasOwn(object, name)) refuse(key as Scalar, refuseDuplicate(name))
      else object[name] = converted
      path.pop()
    }
    return object
  }

  const convertKey = (key: unknown): string | undefined => {
    if (!isScalar(key)) {
      refuse(isRanged(key) ? key : {}, refuseKeyForm('A list, a mapping or an alias cannot be a key.'))
      return undefined
    }
    const name = String(key.value)
    if (key.type !== Scalar.PLAIN) return refuseReserved(key, name)
    if (name === '<<') {
      refuse(key, MERGE_KEY)
      return undefined
    }
    const read = readPlainScalar(name)
    if (read.kind === 'value' && typeof read.value === 'string') return refuseReserved(key, name)
    refuse(
      key,
      refuseKeyForm(name === '' ? 'A key is missing before ":".' : `${quoteText(name)} is not read as text.`),
    )
    return undefined
  }

  const refuseReserved = (key: Scalar, name: string): string | undefined => {
    if (!RESERVED_KEYS.has(name)) return name
    refuse(key, {
      code: 'spec/reserved-key',
      detail: `${quoteText(name)} has a meaning of its own in JavaScript and is never a key of a spec.`,
      hint: `remove ${quoteText(name)}`,
    })
    return undefined
  }

  const convertNode = (node: unknown): JsonValue => {
    if (isScalar(node)) return convertScalar(node)
    if (isMap(node)) return convertMap(node)
    if (isSeq(node)) {
      const items: JsonValue[] = []
      for (const [index, item] of node.items.entries()) {
        path.push(index)
        items.push(convertNode(item))
        path.pop()
      }
      return items
    }
    // The scan has already said that aliases are refused, with the place.
    if (isAlias(node)) refusedPaths.push([...path])
    return null
  }

  return { value: convertNode(root), findings, refusedPaths }
}

const isRanged = (node: unknown): node is { range: readonly number[] } =>
  typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)

const refuseDuplicate = (name: string): Omit<Finding, 'start' | 'end'> => ({
  code: 'spec/duplicate-key',
  detail: `${quoteText(name)} is already written above; which of both counts depends on the reader.`,
  hint: 'keep one of both',
})

const refuseKeyForm = (detail: string): Omit<Finding, 'start' | 'end'> => ({
  code: 'spec/key-form',
  detail,
  hint: 'write the key as text, in quotes if need be',
})

const refuseEscape = (text: string): Omit<Finding, 'start' | 'end'> => ({
  code: 'spec/control-character',
  detail: `The text holds ${findInvisible(text)[0]?.name ?? 'one'}, which nobody can see.`,
  hint: 'remove the escape sequence',
})

const BROKEN_CHARACTER: Omit<Finding, 'start' | 'end'> = {
  code: 'spec/control-character',
  detail: 'The text holds half of a character (a lone surrogate).',
  hint: 'remove the escape sequence',
}

const MERGE_KEY: Omit<Finding, 'start' | 'end'> = {
  code: 'spec/merge-key',
  detail: '"<<" takes in keys from somewhere else, so a reviewer does not see them.',
  hint: 'write the keys out',
}
