import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { loadSpecs } from '../../src/cli/specs.ts'

const SHIPPED = fileURLToPath(new URL('../../audiences', import.meta.url))

test('the programme that muster ships is clean under the strictest setting, and waives nothing', () => {
  const path = `${SHIPPED}/workspace.yaml`
  const strict = `${readFileSync(path, 'utf8')}policy: { all: error }\n`
  const drafts = [{ path, bytes: new TextEncoder().encode(strict) }]
  const { diagnostics, workspace, audiences } = loadSpecs(SHIPPED, undefined, { drafts })
  expect(diagnostics).toEqual([])
  expect([workspace?.policy, workspace?.waivers]).toEqual([new Map([['all', 'error']]), []])
  expect(audiences.flatMap(({ policy, waivers }) => [...policy.keys(), ...waivers])).toEqual([])
})
