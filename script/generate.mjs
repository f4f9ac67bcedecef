/**
 * Writes the TypeScript types of what users write, from the schemas, and the playbook, from the rules: `npm run generate`.
 * With `--check` nothing is written; a stale file is named and the exit code is 1. A stale playbook fails its test.
 */
import { spawnSync } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { compile } from 'json-schema-to-typescript'

const ROOT = new URL('../', import.meta.url)

const TARGETS = [
  { schema: 'schema/audience.schema.json', types: 'src/model/generated/audience.ts', root: 'audience' },
  { schema: 'schema/workspace.schema.json', types: 'src/model/generated/workspace.ts', root: 'workspace' },
  { schema: 'schema/plan.schema.json', types: 'src/model/generated/plan.ts', root: 'plan' },
]

const { values: options } = parseArgs({ options: { check: { type: 'boolean', default: false } } })

/** `exit_sticky` → `WrittenExitSticky`: the types of what was written, never of what it means. */
const nameType = key => `Written${key.replace(/(?:^|_)([a-z])/g, (_match, letter) => letter.toUpperCase())}`

/**
 * The forms a value may have, or undefined when it has but one. What stands beside them in the schema (the tag, `if`)
 * is there to choose a form, so that only the chosen one's mistakes are reported; the type needs the forms alone.
 */
const listForms = node => node.oneOf ?? (node.then && node.else && [node.then, node.else])

/** Objects and unions get a type of their own; durations, percentages and the like are plain text or numbers. */
const hasOwnType = definition => definition.type === 'object' || listForms(definition) !== undefined

/**
 * The schema as the compiler likes it: without titles, which it would turn into one exported alias for every key,
 * and with the simple definitions put where they are used, which it would number (`Duration4`).
 */
const prepareNode = (node, definitions) => {
  if (Array.isArray(node)) return node.map(each => prepareNode(each, definitions))
  if (node === null || typeof node !== 'object') return node
  const { $ref, ...own } = node
  const definition = definitions[$ref?.replace('#/$defs/', '')]
  // What stands beside the reference would make it a type of its own, and that would be numbered too.
  if (definition !== undefined)
    return hasOwnType(definition) ? { $ref } : prepareNode({ ...definition, ...own }, definitions)
  const forms = listForms(node)
  if (forms !== undefined) return { description: node.description, anyOf: prepareNode(forms, definitions) }
  const entries = Object.entries(node).filter(([key, value]) => key !== 'title' || typeof value !== 'string')
  return Object.fromEntries(entries.map(([key, value]) => [key, prepareNode(value, definitions)]))
}

const generateTypes = async ({ schema: path, root }) => {
  const written = JSON.parse(await readFile(new URL(path, ROOT), 'utf8'))
  const { $id: _id, ...schema } = prepareNode(written, written.$defs)
  for (const [key, definition] of Object.entries(schema.$defs)) definition.title = nameType(key)
  const types = await compile(schema, nameType(root), {
    bannerComment: `// Generated from ${path}. Do not edit: change the schema and run \`npm run generate\`.`,
    additionalProperties: false,
    ignoreMinAndMaxItems: true,
    style: { semi: false, singleQuote: true, printWidth: 110, trailingComma: 'all' },
  })
  return `${protectLists(types).trimEnd()}\n`
}

/** What was written is read and never changed; the compiler knows no read-only list. */
const protectLists = types => types.replace(/(\w+|\([^()]*\))\[\]/g, 'readonly $1[]')

const readIfPresent = async url => {
  try {
    return await readFile(url, 'utf8')
  } catch (error) {
    if (error.code === 'ENOENT') return undefined
    throw error
  }
}

const stale = []
for (const target of TARGETS) {
  const url = new URL(target.types, ROOT)
  const types = await generateTypes(target)
  if ((await readIfPresent(url)) === types) continue
  stale.push(target)
  if (!options.check) await writeFile(url, types)
}

for (const { schema, types } of stale) {
  const line = options.check
    ? `${types} is stale: it is not what ${schema} says; run npm run generate`
    : `wrote ${types}`
  process.stdout.write(`${line}\n`)
}
if (options.check && stale.length > 0) process.exitCode = 1

/** The rules are TypeScript, and their examples are judged as in the tests: so it is a test that writes the page. */
if (!options.check) {
  const { status } = spawnSync('npx', ['vitest', 'run', 'test/policy/playbook.test.ts'], {
    cwd: ROOT,
    env: { ...process.env, UPDATE_PLAYBOOK: '1' },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (status !== 0) process.exitCode = 1
}
