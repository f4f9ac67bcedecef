import { describe, expect, test } from 'vitest'
import { AUDIENCE, validateFiles, WORKSPACE } from './folder-of.ts'

describe('what this version cannot carry out', () => {
  const specs = validateFiles({
    'workspace.yaml': WORKSPACE.replace('data_key_env:', 'campaigns_key_env: CAMPAIGNS_KEY, data_key_env:'),
    'cart-abandon.yaml': AUDIENCE,
  })

  test('is a warning to whoever validates', () => {
    expect(specs.diagnostics.map(({ code, severity }) => `${severity} ${code}`)).toEqual([
      'warning unsupported/campaigns-key',
    ])
  })

  test('is an error, at the same place, to whatever plans or writes', () => {
    expect(specs.unsupported).toEqual(
      specs.diagnostics.map(diagnostic => ({ ...diagnostic, severity: 'error' })),
    )
  })

  test.each([
    ['alerts: { github_issue: true, webhook_env: ALERT_WEBHOOK_URL }'],
    ['qa: { required: false }'],
    ['store: "duckdb:state.duckdb"'],
    ['identifier: { key: cio_id }'],
  ])('%s asks for nothing that is missing', line => {
    const { unsupported } = validateFiles({
      'workspace.yaml': `${WORKSPACE}${line}\n`,
      'cart-abandon.yaml': AUDIENCE,
    })
    expect(unsupported).toEqual([])
  })

  test.each([
    ['{ rule: remove }', '{ rule: keep, because: Badge. }'],
    ['{ rule: remove }', '{ rule: sticky, for: 7d, from: exit, no_reentry_for: 30d }'],
    ['{ stage: live }', '{ stage: live, holdout_percent: 5 }'],
  ])('nor does an audience with something else than %s: %s', (usual, special) => {
    const { unsupported } = validateFiles({
      'workspace.yaml': WORKSPACE,
      'cart-abandon.yaml': AUDIENCE.replace(usual, special),
    })
    expect(unsupported).toEqual([])
  })
})
