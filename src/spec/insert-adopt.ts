import { isMap, isScalar, type Pair, parseDocument } from 'yaml'

/**
 * The same file with `adopt` in it, below the name. Everything else stays as somebody typed it, comments included.
 * Undefined when it is no block of keys with a name, or says something about adopting already.
 */
export const insertAdopt = (text: string, cohortId?: string): string | undefined => {
  const { contents } = parseDocument(text, { schema: 'failsafe' })
  if (!isMap(contents) || contents.flow) return undefined
  const value = cohortId === undefined ? 'true' : `{ cohort_id: ${JSON.stringify(cohortId)} }`
  const adopt = findPair(contents.items, 'adopt')
  if (adopt) return replaceFalse(text, adopt.value, value)
  const name = findPair(contents.items, 'name')
  const range = isScalar(name?.value) ? name.value.range : undefined
  if (!range) return undefined
  const end = text.indexOf('\n', range[1])
  const ending = text.includes('\r\n') ? '\r\n' : '\n'
  const line = `adopt: ${value}`
  return end === -1
    ? `${text}${ending}${line}${ending}`
    : `${text.slice(0, end + 1)}${line}${ending}${text.slice(end + 1)}`
}

const findPair = (items: readonly Pair[], key: string): Pair | undefined =>
  items.find(pair => isScalar(pair.key) && pair.key.value === key)

const replaceFalse = (text: string, node: unknown, value: string): string | undefined => {
  if (!isScalar(node) || node.value !== 'false' || !node.range) return undefined
  return `${text.slice(0, node.range[0])}${value}${text.slice(node.range[1])}`
}
