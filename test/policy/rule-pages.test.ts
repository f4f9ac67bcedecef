import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { POLICIES, RULES } from '../../src/policy/policies.ts'
import { SCHEMAS, type SchemaNode } from '../schema/fixtures.ts'
import { judgeExample, nameOf, readPage } from './rule-page.ts'

const codes = RULES.map(({ code }) => code)

describe('every rule has a page, and its examples are what the rule says', () => {
  test.each(RULES)('$code', ({ code, summary, recommendation }) => {
    const page = readPage(code)
    expect(page.title).toBe(`${code}: ${summary}`)
    const text = readFileSync(new URL(`../../docs/rules/${nameOf(code)}.md`, import.meta.url), 'utf8')
    expect(text.replaceAll('`', '').replaceAll(/\s+/g, ' ')).toContain(recommendation)

    const bad = judgeExample(page.bad).map(found => found.code)
    expect(bad.filter(each => each.startsWith('spec/'))).toEqual([])
    expect(bad).toContain(code)

    const good = judgeExample(page.good).map(found => found.code)
    expect(good.filter(each => each === code || each.startsWith('spec/'))).toEqual([])
  })

  test('no page is left over', () => {
    const pages = readdirSync(new URL('../../docs/rules/', import.meta.url))
    expect(pages.sort()).toEqual(codes.map(code => `${nameOf(code)}.md`).sort())
  })

  test.each(['audience', 'workspace'] as const)(
    'the %s schema knows every rule that can be set or waived',
    name => {
      const { policy, waiver } = SCHEMAS[name].$defs as Readonly<Record<string, SchemaNode>>
      const settable = Object.keys(policy?.properties ?? {})
      const { rule } = (waiver?.properties ?? {}) as Readonly<Record<string, SchemaNode>>
      const asked = POLICIES.map(({ code }) => code).sort()
      expect(settable.filter(key => key !== 'all').sort()).toEqual(asked)
      expect(Array.from((rule?.enum ?? []) as string[]).sort()).toEqual(asked)
    },
  )
})
