import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { renderPlaybook } from './playbook.ts'

const PAGE = new URL('../../docs/playbook.md', import.meta.url)

/** `npm run generate` writes it anew. */
test('docs/playbook.md is what the rules say', () => {
  const playbook = renderPlaybook()
  if (process.env.UPDATE_PLAYBOOK === '1') writeFileSync(PAGE, playbook)
  expect(readFileSync(PAGE, 'utf8')).toBe(playbook)
})
