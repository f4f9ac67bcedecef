import { describe, expect, test } from 'vitest'
import type { Audience, Intent } from '../../src/model/audience.ts'
import type { Workspace } from '../../src/model/workspace.ts'
import { budgetPolicy } from '../../src/policy/budget.ts'
import { namingPolicy } from '../../src/policy/naming.ts'
import { POLICIES } from '../../src/policy/policies.ts'
import { applyPolicies } from '../../src/policy/policy.ts'
import { AUDIENCE, validateAudience } from '../spec/folder-of.ts'

const { workspace: defaults, audiences } = validateAudience(AUDIENCE)
const [cartAbandon] = audiences

const workspaceWith = (own: Partial<Workspace>): Workspace => {
  if (!defaults) throw new Error('the workspace is valid')
  return { ...defaults, policy: new Map(), ...own }
}

const audienceWith = (own: Partial<Audience>): Audience => {
  if (!cartAbandon) throw new Error('the audience is valid')
  return { ...cartAbandon, ...own }
}

describe('policy/naming', () => {
  test.each`
    name                          | intent           | objection
    ${'ACT__CartAbandon__2h'}     | ${'activation'}  | ${'none'}
    ${'ACT__CartAbandon__120m'}   | ${'activation'}  | ${'none'}
    ${'ACT__Cart2__2h'}           | ${'activation'}  | ${'none'}
    ${'ACT__CartAbandon'}         | ${'activation'}  | ${'"ACT__CartAbandon" is not of the form <purpose>__<UseCase>__<window>.'}
    ${'ACT__CartAbandon__2h__EU'} | ${'activation'}  | ${'"ACT__CartAbandon__2h__EU" is not of the form <purpose>__<UseCase>__<window>.'}
    ${'ACT__CartAbandon__2h'}     | ${'suppression'} | ${'"ACT__CartAbandon__2h" begins with "ACT", and the intent "suppression" is "SUP".'}
    ${'ACT__cart-abandon__2h'}    | ${'activation'}  | ${'"cart-abandon" is not written as one word in capitals, like "CartAbandon".'}
    ${'ACT__CartAbandon__24h'}    | ${'activation'}  | ${'"ACT__CartAbandon__24h" ends in "24h", and timing.window is 2h.'}
    ${'ACT__CartAbandon__soon'}   | ${'activation'}  | ${'"ACT__CartAbandon__soon" ends in "soon", and timing.window is 2h.'}
  `('$name with intent $intent: $objection', ({ name, intent, objection }: Record<string, string>) => {
    const audience = audienceWith({ name: name ?? '', intent: intent as Intent })
    const [found] = namingPolicy.judge({ workspace: workspaceWith({}), audiences: [audience] })
    expect(found?.detail ?? 'none').toBe(objection)
  })

  test('the workspace chooses the prefixes', () => {
    const workspace = workspaceWith({
      naming: { activation: 'GO', suppression: 'NO', orchestration: 'OR', qa: 'QA' },
    })
    expect(namingPolicy.judge({ workspace, audiences: [audienceWith({})] })).toEqual([
      {
        detail: '"ACT__CartAbandon__2h" begins with "ACT", and the intent "activation" is "GO".',
        hint: 'for example GO__CartAbandon__2h; a cohort that exists cannot be renamed, only replaced',
        audience: 'cart-abandon',
        path: ['name'],
      },
    ])
  })
})

describe('policy/budget', () => {
  test.each`
    count | severity
    ${6}  | ${'none'}
    ${7}  | ${'warning'}
    ${12} | ${'warning'}
    ${13} | ${'error'}
  `(
    '$count audiences of 12, warning above 6: $severity',
    ({ count, severity }: { count: number; severity: string }) => {
      const many = Array.from({ length: count }, () => audienceWith({}))
      const found = budgetPolicy.judge({ workspace: workspaceWith({}), audiences: many })
      expect(found.map(objection => objection.severity).join() || 'none').toBe(severity)
    },
  )
})

test('each policy speaks under a code of its own', () => {
  const codes = POLICIES.map(({ code }) => code)
  expect(new Set(codes).size).toBe(codes.length)
})

test("objections become diagnostics, with the policy's code and summary, where the file says it", () => {
  const at = { path: 'audiences/cart-abandon.yaml', line: 2, column: 7 }
  const programme = { workspace: workspaceWith({}), audiences: [audienceWith({ name: 'Carts' })] }
  expect(applyPolicies([namingPolicy], programme, () => at)).toEqual([
    {
      code: 'policy/naming',
      severity: 'error',
      summary: 'Name does not follow the convention',
      detail: '"Carts" is not of the form <purpose>__<UseCase>__<window>.',
      hint: 'for example ACT__CartAbandon__2h; a cohort that exists cannot be renamed, only replaced',
      at,
    },
  ])
})
