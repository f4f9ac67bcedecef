import { readFileSync } from 'node:fs'
import { compileSchemas } from '../../src/spec/schema-validator.ts'

const readSchema = (name: string): object =>
  JSON.parse(readFileSync(new URL(`../../schema/${name}.schema.json`, import.meta.url), 'utf8')) as object

/** The real schemas, compiled once for a test file. */
export const VALIDATORS = compileSchemas({
  audience: readSchema('audience'),
  workspace: readSchema('workspace'),
})
