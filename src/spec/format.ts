import { isDeepStrictEqual } from 'node:util'
import { isMap, isScalar, isSeq, parseDocument } from 'yaml'
import { invariant } from '../model/invariant.ts'
import type { Path } from './convert.ts'
import type { Finding } from './finding.ts'
import { orderBlockMap, orderFlowMap } from './order-map.ts'
import { parseSpec, type SpecFile } from './parse.ts'
import { findSchema, listForms, type SchemaNode } from './schema-lookup.ts'

/** A spec in canonical layout, or why it was left alone. */
export type FormattedSpec =
  | { readonly kind: 'formatted'; readonly text: string }
  | { readonly kind: 'refused'; readonly text: string; readonly findings: readonly Finding[] }

/**
 * Puts the keys of every mapping into the order of the schema; keys that it does not know come last, as they were.
 * Lines move and nothing is rewritten: quotes, alignment and comments stay as somebody typed them. A comment moves
 * with the key below or beside it. Left as they are: mappings in braces with comments inside, and mappings that hold
 * a text ended by `|+` or `>+`, to which the empty lines below belong. Formatting twice changes nothing more.
 */
export const formatSpec = (file: SpecFile, schema: SchemaNode): FormattedSpec => {
  const parsed = parseSpec(file)
  if (parsed.findings.length > 0 || parsed.value === undefined)
    return { kind: 'refused', text: parsed.text, findings: parsed.findings }
  const text = trimEnds(orderText(endWithNewline(parsed.text), schema))
  const again = parseSpec({ path: file.path, bytes: new TextEncoder().encode(text) })
  invariant(isDeepStrictEqual(again.value, parsed.value), `formatting would change what ${file.path} says`)
  return { kind: 'formatted', text }
}

const KEEPS_EMPTY_LINES = /^[|>]\d?\+/

/** Every reordering keeps the length of its region, so the places of all other nodes stay right while it goes on. */
const orderText = (text: string, schema: SchemaNode): string => {
  let ordered = text
  /** Answers whether the node holds a text that keeps the empty lines below it: such a text must not be moved. */
  const visit = (node: unknown, path: Path, regionStart: number): boolean => {
    if (isScalar(node)) return KEEPS_EMPTY_LINES.test(text.slice(node.range?.[0], (node.range?.[0] ?? 0) + 3))
    if (isSeq(node)) return node.items.map((item, index) => visit(item, [...path, index], 0)).includes(true)
    if (!isMap(node)) return false
    const keys = node.items.map(({ key }) => (isScalar(key) ? String(key.value) : ''))
    const isFixed = node.items
      .map(({ key, value }, index) =>
        visit(value, [...path, keys[index] ?? ''], isScalar(key) ? (key.range?.[1] ?? 0) : 0),
      )
      .includes(true)
    const order = chooseOrder(keys, schema, path)
    if (isFixed || isInOrder(order)) return isFixed
    ordered = node.flow
      ? orderFlowMap(ordered, node, order)
      : orderBlockMap(ordered, node, { order, regionStart })
    return false
  }
  visit(parseDocument(text, { schema: 'failsafe' }).contents, [], 0)
  return ordered
}

const isInOrder = (order: readonly number[]): boolean => order.every((from, to) => from === to)

/** Indexes of the keys in the order they should have, by the form that knows most of them. */
const chooseOrder = (keys: readonly string[], schema: SchemaNode, path: Path): readonly number[] => {
  const node = findSchema(schema, path)
  const known = (node ? listForms(schema, node) : []).map(({ properties }) => Object.keys(properties ?? {}))
  const scored = known.map(names => ({ names, score: keys.filter(key => names.includes(key)).length }))
  const best = scored.reduce((a, b) => (b.score > a.score ? b : a), { names: [] as string[], score: 0 })
  const rankOf = (key: string): number => {
    const rank = best.names.indexOf(key)
    return rank === -1 ? best.names.length : rank
  }
  return keys
    .map((_key, index) => index)
    .sort((a, b) => rankOf(keys[a] ?? '') - rankOf(keys[b] ?? '') || a - b)
}

const endWithNewline = (text: string): string => (text.endsWith('\n') ? text : `${text}\n`)

/** Moving keys can leave empty lines at the top. */
const trimEnds = (text: string): string => text.replace(/^(?:[ ]*\r?\n)+/, '')
