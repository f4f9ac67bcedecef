import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { ROOT } from './fixtures.ts'

test('the generated types are those of the schemas', () => {
  const script = fileURLToPath(new URL('script/generate.mjs', ROOT))
  const { status, stdout } = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' })
  expect({ status, stdout }).toEqual({ status: 0, stdout: '' })
})
