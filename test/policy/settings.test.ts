import { describe, expect, test } from 'vitest'
import type { RuleSeverities, Waiver } from '../../src/model/rule.ts'
import { applyPolicies, type Policy } from '../../src/policy/policy.ts'
import { anAudience, aWorkspace } from '../support/audience.ts'

/** Objects to every audience, and once to the workspace. */
const grumpy: Policy = {
  code: 'policy/naming',
  summary: 'Something is wrong',
  recommendation: 'Nothing is ever right.',
  severity: 'warning',
  judges: 'specs',
  judge: ({ audiences }) => [
    { detail: 'the workspace', hint: '', path: [] },
    ...audiences.map(({ id }) => ({ detail: id, hint: '', audience: id, path: [] })),
  ],
}

interface Settings {
  readonly workspace?: RuleSeverities
  readonly vip?: RuleSeverities
  readonly waivers?: readonly Waiver[]
  readonly ofVip?: readonly Waiver[]
}

const judge = ({ workspace, vip, waivers, ofVip }: Settings, now = '2026-11-25T23:59:59.999Z') =>
  applyPolicies(
    [grumpy],
    {
      workspace: { ...aWorkspace, policy: workspace ?? new Map(), waivers: waivers ?? [] },
      audiences: [
        anAudience({ policy: vip ?? new Map(), waivers: ofVip ?? [] }),
        anAudience({ id: 'winback' }),
      ],
      now,
    },
    () => undefined,
  ).map(({ code, severity, detail }) =>
    code === grumpy.code ? `${severity}: ${detail}` : `${severity}: ${code}`,
  )

const of = (...entries: readonly (readonly [string, 'error' | 'warning' | 'off'])[]): RuleSeverities =>
  new Map(entries)
const waiver = (own: Partial<Waiver> = {}): Waiver => ({
  rule: 'policy/naming',
  by: 'Jo Doe',
  because: 'It is being changed.',
  until: '2026-11-25',
  ...own,
})

describe('how strict a rule is', () => {
  test.each<readonly [what: string, Settings, readonly string[]]>([
    ['is its own where nobody says', {}, ['warning: the workspace', 'warning: vip', 'warning: winback']],
    [
      'is what the workspace says of all',
      { workspace: of(['all', 'error']) },
      ['error: the workspace', 'error: vip', 'error: winback'],
    ],
    [
      'is what the workspace says of it, before what it says of all',
      { workspace: of(['all', 'error'], ['policy/naming', 'off']) },
      [],
    ],
    [
      'is what the spec says, for that audience alone',
      { workspace: of(['policy/naming', 'error']), vip: of(['all', 'off']) },
      ['error: the workspace', 'error: winback'],
    ],
    [
      'is raised by a spec too',
      { workspace: of(['all', 'off']), vip: of(['policy/naming', 'error']) },
      ['error: vip'],
    ],
  ])('%s', (_what, settings, expected) => {
    expect(judge(settings)).toEqual(expected)
  })
})

describe('a waiver', () => {
  test.each<readonly [what: string, Settings, readonly string[]]>([
    ['of a spec is for that audience', { ofVip: [waiver()] }, ['warning: the workspace', 'warning: winback']],
    [
      'of the workspace is for the audience it names',
      { waivers: [waiver({ audience: 'winback' })] },
      ['warning: the workspace', 'warning: vip'],
    ],
    ['of the workspace that names none is for all', { waivers: [waiver()] }, []],
    [
      'for another rule changes nothing',
      { waivers: [waiver({ rule: 'policy/size' })] },
      ['warning: the workspace', 'warning: vip', 'warning: winback'],
    ],
    [
      'does not come back as an error because the rule is strict',
      { workspace: of(['all', 'error']), waivers: [waiver()] },
      [],
    ],
    [
      'past its day is an error beside the rule',
      { ofVip: [waiver({ until: '2026-11-24' })] },
      ['warning: the workspace', 'warning: vip', 'warning: winback', 'error: policy/waiver'],
    ],
    [
      'past its day is an error although the rules are off',
      { workspace: of(['all', 'off']), ofVip: [waiver({ until: '2026-11-24' })] },
      ['error: policy/waiver'],
    ],
    [
      'for more than a year is warned about',
      { waivers: [waiver({ until: '2027-12-31' })] },
      ['warning: policy/waiver'],
    ],
  ])('%s', (_what, settings, expected) => {
    expect(judge(settings)).toEqual(expected)
  })

  test('is over with the end of its day in UTC, and never where nobody says what day it is', () => {
    const settings = { waivers: [waiver()] }
    expect(judge(settings, '2026-11-25T23:59:59.999Z')).toEqual([])
    expect(judge(settings, '2026-11-26T00:00:00.000Z')).toContain('error: policy/waiver')
  })
})
