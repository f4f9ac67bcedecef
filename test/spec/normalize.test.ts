import { describe, expect, test } from 'vitest'
import { AUDIENCE, validateAudience, validateFiles, WORKSPACE } from './folder-of.ts'

describe('what was written becomes what is meant', () => {
  test('an audience that says as little as possible gets every default', () => {
    const { audiences, diagnostics } = validateAudience(AUDIENCE)
    expect(diagnostics).toEqual([])
    expect(audiences).toEqual([
      {
        id: 'cart-abandon',
        name: 'ACT__CartAbandon__2h',
        description: 'Added to cart, no order; idle for 90 minutes.',
        intent: 'activation',
        useCase: 'cart-recovery',
        owner: { team: 'lifecycle', contact: 'lifecycle@example.com', approvers: ['@acme/lifecycle'] },
        source: { kind: 'segment', segmentId: 14, name: 'Cart abandoners 2h' },
        identifier: { key: { kind: 'id' }, minCoverage: 0.95 },
        exit: { kind: 'remove' },
        timing: { windowMs: 7_200_000, syncEveryMs: 1_800_000 },
        channels: { moengage: [], customerio: [] },
        suppressedBy: [],
        rollout: { stage: { kind: 'live' }, holdoutPercent: 0 },
        limits: { maxRemoval: 0.3, maxGrowth: 1, maxMembers: 5_000_000, floor: 100, minMatchRate: 0.5 },
        isProtected: false,
        isSuspended: false,
        usedBy: [],
        policy: new Map(),
        waivers: [],
      },
    ])
  })

  test('a workspace that says as little as possible gets every default', () => {
    expect(validateAudience(AUDIENCE).workspace).toEqual({
      name: 'acme',
      partner: 'muster',
      environments: new Map([
        [
          'live',
          {
            name: 'live',
            customerio: { region: 'us', appKeyEnv: 'CUSTOMERIO_APP_KEY' },
            moengage: { dataCenter: '01', workspaceId: 'ACME01', dataKeyEnv: 'MOENGAGE_DATA_KEY' },
          },
        ],
      ]),
      store: { kind: 'duckdb', path: '.muster/{env}.duckdb' },
      identifier: { key: { kind: 'id' }, minCoverage: 0.95 },
      naming: { activation: 'ACT', suppression: 'SUP', orchestration: 'ORC', qa: 'QA' },
      budget: { synced: 12, warnAbove: 6 },
      limits: { maxRemoval: 0.3, maxGrowth: 1, maxMembers: 5_000_000, floor: 100, minMatchRate: 0.5 },
      rates: { moengagePerMinute: 240, customerioPerSecond: 8 },
      reassert: { everyMs: 604_800_000, callsPerRun: 600 },
      qa: { testers: [], isRequired: false },
      allow: [],
      forget: [],
      teams: new Map(),
      suppressedBy: [],
      maxOverlap: 0.2,
      canarySteps: [5, 10, 20, 50],
      schedule: { lateByMs: 1_800_000 },
      alerts: { githubIssue: false, swing: 0.25, coverageFall: 0.03 },
      policy: new Map([['all', 'off']]),
      waivers: [],
    })
  })

  test('an audience goes before its workspace, and the workspace before the defaults, value by value', () => {
    const { audiences } = validateFiles({
      'workspace.yaml': `${WORKSPACE}identifier: { key: email, min_coverage: 90% }\nguards: { max_removal: 20%, floor: 50 }\n`,
      'cart-abandon.yaml': `${AUDIENCE}identifier: { min_coverage: 99.5% }\nguards: { max_growth: 250%, floor: 0 }\n`,
    })
    expect(audiences[0]?.identifier).toEqual({ key: { kind: 'email' }, minCoverage: 0.995 })
    expect(audiences[0]?.limits).toEqual({
      maxRemoval: 0.2,
      maxGrowth: 2.5,
      maxMembers: 5_000_000,
      floor: 0,
      minMatchRate: 0.5,
    })
  })

  test.each([
    ['{ rule: remove }', { kind: 'remove' }],
    ['{ rule: sticky, for: 7d, from: entry }', { kind: 'sticky', forMs: 604_800_000, from: 'entry' }],
    [
      '{ rule: sticky, for: 90m, from: exit, no_reentry_for: 1d }',
      { kind: 'sticky', forMs: 5_400_000, from: 'exit', noReentryForMs: 86_400_000 },
    ],
    ['{ rule: keep, because: Founding members. }', { kind: 'keep', because: 'Founding members.' }],
  ])('exit: %s', (written, expected) => {
    const { audiences } = validateAudience(AUDIENCE.replace('{ rule: remove }', written))
    expect(audiences[0]?.exit).toEqual(expected)
  })

  test.each([
    ['{ stage: paused }', { stage: { kind: 'paused' }, holdoutPercent: 0 }],
    ['{ stage: canary, percent: 10 }', { stage: { kind: 'canary', percent: 10 }, holdoutPercent: 0 }],
    ['{ stage: live, holdout_percent: 5 }', { stage: { kind: 'live' }, holdoutPercent: 5 }],
  ])('rollout: %s', (written, expected) => {
    const { audiences } = validateAudience(AUDIENCE.replace('{ stage: live }', written))
    expect(audiences[0]?.rollout).toEqual(expected)
  })

  test.each([
    ['duckdb:/srv/{env}.duckdb', { kind: 'duckdb', path: '/srv/{env}.duckdb' }],
    ['{ postgres: { url_env: MUSTER_DATABASE_URL } }', { kind: 'postgres', urlEnv: 'MUSTER_DATABASE_URL' }],
  ])('store: %s', (written, expected) => {
    const store = written.startsWith('{') ? written : `"${written}"`
    const { workspace } = validateFiles({
      'workspace.yaml': `${WORKSPACE}store: ${store}\n`,
      'cart-abandon.yaml': AUDIENCE,
    })
    expect(workspace?.store).toEqual(expected)
  })

  test.each([
    ['adopt: true', { adopt: {} }],
    ['adopt: { cohort_id: crm-vip-2024 }', { adopt: { cohortId: 'crm-vip-2024' } }],
    ['adopt: false', {}],
    ['moved_from: basket-abandon', { movedFrom: 'basket-abandon' }],
    ['used_by: [Cart reminder]', { usedBy: ['Cart reminder'] }],
    ['size: { min: 0, max: 500 }', { size: { min: 0, max: 500 } }],
    [
      'coordinated: { by: Jo Doe, because: Weekdays. }',
      { coordinated: { by: 'Jo Doe', because: 'Weekdays.' } },
    ],
    ['policy: { policy/naming: warning }', { policy: new Map([['policy/naming', 'warning']]) }],
    ['suspend: true', { isSuspended: true }],
  ])('%s', (line, expected) => {
    const plain = validateAudience(AUDIENCE).audiences[0]
    expect(validateAudience(`${AUDIENCE}${line}\n`).audiences).toEqual([{ ...plain, ...expected }])
  })

  test('what is let pass and what is forgotten are taken as they are written', () => {
    const { workspace } = validateFiles({
      'workspace.yaml': `${WORKSPACE}allow:
  - { guard: mass-retirement, by: Jo Doe, because: End of season., until: 2026-12-01 }
  - { guard: case-twin, audience: vip, by: Jo Doe, because: Agreed., until: 2026-12-01 }
forget: [winback]
`,
      'cart-abandon.yaml': AUDIENCE,
    })
    expect(workspace?.forget).toEqual(['winback'])
    expect(workspace?.allow).toEqual([
      { guard: 'mass-retirement', by: 'Jo Doe', because: 'End of season.', until: '2026-12-01' },
      { guard: 'case-twin', audience: 'vip', by: 'Jo Doe', because: 'Agreed.', until: '2026-12-01' },
    ])
  })

  test('a manual segment and the keys that fill it', () => {
    const { workspace, audiences, diagnostics } = validateFiles({
      'workspace.yaml': `${WORKSPACE.replace(
        'app_key_env: CUSTOMERIO_APP_KEY',
        '$&, track_site_id_env: CUSTOMERIO_SITE_ID, track_api_key_env: CUSTOMERIO_TRACK_KEY',
      )}qa: { testers: [emp_001] }\n`,
      'cart-abandon.yaml': AUDIENCE.replace(
        '{ segment: 14, name: "Cart abandoners 2h" }',
        '{ manual: { name: "QA team", members: testers } }',
      ),
    })
    expect(diagnostics).toEqual([])
    expect(audiences[0]?.source).toEqual({ kind: 'manual', name: 'QA team', members: 'testers' })
    expect(workspace?.environments.get('live')?.customerio).toEqual({
      region: 'us',
      appKeyEnv: 'CUSTOMERIO_APP_KEY',
      track: { siteIdEnv: 'CUSTOMERIO_SITE_ID', apiKeyEnv: 'CUSTOMERIO_TRACK_KEY' },
    })
  })
})

describe('the layer of suppressions', () => {
  const suppression = (id: string): string =>
    AUDIENCE.replace('cart-abandon', id)
      .replace('ACT__CartAbandon', `SUP__${id.replaceAll('-', '')}`)
      .replace('activation', 'suppression')
      .replace('segment: 14', `segment: ${100 + id.length}`)

  test('lies below every activation, before its own, each once; suppressions have none', () => {
    const { audiences, diagnostics } = validateFiles({
      'workspace.yaml': `${WORKSPACE}suppressed_by: [recent-purchasers, complaints]\n`,
      'cart-abandon.yaml': `${AUDIENCE}suppressed_by: [vip, complaints]\n`,
      'recent-purchasers.yaml': suppression('recent-purchasers'),
      'complaints.yaml': suppression('complaints'),
      'vip.yaml': suppression('vip'),
    })
    expect(diagnostics).toEqual([])
    expect(audiences.map(({ id, suppressedBy }) => [id, suppressedBy])).toEqual([
      ['cart-abandon', ['recent-purchasers', 'complaints', 'vip']],
      ['complaints', []],
      ['recent-purchasers', []],
      ['vip', []],
    ])
  })

  test('counts among those that MoEngage combines, and in circles', () => {
    const ids = Array.from({ length: 10 }, (_each, index) => `silent-${'x'.repeat(index + 1)}`)
    const { diagnostics } = validateFiles({
      'workspace.yaml': `${WORKSPACE}suppressed_by: [${ids.slice(0, 9).join(', ')}]\n`,
      'cart-abandon.yaml': `${AUDIENCE}suppressed_by: [${ids[9]}]\n`,
      ...Object.fromEntries(ids.map(id => [`${id}.yaml`, suppression(id)])),
    })
    expect(diagnostics.map(({ code }) => code)).toEqual(['spec/too-many-suppressions'])

    const circle = validateFiles({
      'workspace.yaml': `${WORKSPACE}suppressed_by: [vip]\n`,
      'cart-abandon.yaml': AUDIENCE,
      'vip.yaml': `${suppression('vip')}suppressed_by: [cart-abandon]\n`,
    })
    expect(circle.diagnostics.map(({ code }) => code)).toEqual(['spec/suppression-cycle'])
  })
})
