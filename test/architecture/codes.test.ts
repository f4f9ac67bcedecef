import { describe, expect, test } from 'vitest'
import { findCodePage, listCodes } from '../../src/cli/code-pages.ts'
import { SYNC_GUARDS } from '../../src/membership/guard.ts'
import { RULES } from '../../src/policy/policies.ts'
import { PROVIDER_CODES } from '../../src/providers/failure-codes.ts'
import { SPEC_SUMMARIES } from '../../src/spec/codes.ts'
import { listFiles, readSource, readText } from './source.ts'

const FAMILIES = listFiles('docs/codes').map(path => path.replace(/^.*\/|\.md$/g, ''))

/** Texts of that form that are no code of ours. */
const OTHERS: ReadonlySet<string> = new Set(['emulator/port-taken', 'hono/route', 'import/no'])

/** Codes that stand in the source as a whole, those of vendors' words left out. */
const written = readSource()
  .filter(({ room }) => room !== 'emulators')
  .flatMap(({ code }) => [
    ...[...code.matchAll(/'([a-z]+)\/([a-z-]+)'/g)].flatMap(([, family = '', name]) =>
      FAMILIES.includes(family) ? [`${family}/${name}`] : [],
    ),
    ...[...code.matchAll(/\b(?:code|code: isThere \?): '([a-z]+\/[a-z-]+)'/g)].map(([, whole = '']) => whole),
    // Guards that a line of the workspace lets pass are named without their family.
    ...[...code.matchAll(/refuseUnlessAllowed\(\s*'([a-z-]+)'/g)].map(([, name]) => `guard/${name}`),
  ])

const USED = [
  ...new Set([
    ...written,
    ...SYNC_GUARDS.map(guard => `guard/${guard}`),
    ...Object.keys(SPEC_SUMMARIES),
    ...Object.keys(PROVIDER_CODES),
    ...RULES.map(({ code }) => code),
  ]),
]
  .filter(code => !OTHERS.has(code))
  .sort()

describe('every code can be explained', () => {
  test('each one has a page or a section, and none is explained that does not exist', () => {
    expect([...listCodes()].sort()).toEqual(USED)
  })

  test('a section says why, and the way out', () => {
    const short = listFiles('docs/codes').flatMap(path =>
      readText(path)
        .split(/^## /m)
        .slice(1)
        .filter(section => !/\n\nWhy: \S[\s\S]+\n\nWay out: \S/.test(section))
        .map(section => section.split('\n')[0]),
    )
    expect(short).toEqual([])
  })

  test('summaries are those that are printed', () => {
    const known = [
      ...Object.entries(SPEC_SUMMARIES),
      ...RULES.map(({ code, summary }) => [code, summary] as const),
    ]
    expect(known.filter(([code, summary]) => findCodePage(code)?.summary !== summary)).toEqual([])
  })

  test('pages are part of the package', () => {
    const { files } = JSON.parse(readText('package.json')) as { files: string[] }
    expect(files).toEqual(expect.arrayContaining(['docs/codes', 'docs/rules']))
  })
})
