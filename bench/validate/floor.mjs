/**
 * The least that any validation does: the same files, read in the same order, through `yaml` and one ajv schema.
 * Prints the milliseconds it took, imports included.
 */
const startedAt = performance.now()
const { readdirSync, readFileSync } = await import('node:fs')
const { join } = await import('node:path')
const { parse } = await import('yaml')
const { Ajv2020 } = await import('ajv/dist/2020.js')

const folder = process.argv[2]
const schema = JSON.parse(readFileSync(new URL('../../schema/audience.schema.json', import.meta.url), 'utf8'))
const validate = new Ajv2020({ allErrors: true, discriminator: true }).compile(schema)
let validCount = 0
for (const name of readdirSync(folder).sort()) {
  if (name === 'workspace.yaml') continue
  if (validate(parse(readFileSync(join(folder, name), 'utf8')))) validCount += 1
}
process.stdout.write(JSON.stringify({ ms: performance.now() - startedAt, valid: validCount }))
