import { describe, expect, test } from 'vitest'
import { findMistakes, readProgramme, type SchemaName } from './fixtures.ts'

/** Removes the key instead of writing one. */
const ABSENT = Symbol('absent')

/** What is done to a valid file, and the one place and rule that must answer. `at` is where the mistake is reported. */
type Row = readonly [what: string, pointer: string, value: unknown, at: string, rule: string]

const programme = readProgramme()

const readValid = (file: string): Record<string, unknown> => {
  const shipped = programme.find(each => each.file === file)
  if (shipped === undefined) throw new Error(`${file} is not shipped`)
  return structuredClone(shipped.value)
}

const writeAt = (value: Record<string, unknown>, pointer: string, written: unknown): unknown => {
  const keys = pointer.split('/').slice(1)
  const last = keys.pop() ?? ''
  let parent = value
  for (const key of keys) parent = parent[key] as Record<string, unknown>
  if (written === ABSENT) delete parent[last]
  else parent[last] = written
  return value
}

const describeMistakes = (name: SchemaName, value: unknown): readonly string[] =>
  findMistakes(name, value).map(({ instancePath, keyword }) => `${instancePath || '/'} ${keyword}`)

const AUDIENCE: readonly Row[] = [
  ['no id', '/id', ABSENT, '/', 'required'],
  ['an id in capitals', '/id', 'Cart-Abandon', '/id', 'pattern'],
  ['an id with an underscore', '/id', 'cart_abandon', '/id', 'pattern'],
  ['an id that ends with a hyphen', '/id', 'cart-', '/id', 'pattern'],
  ['an id of 61 characters', '/id', 'a'.repeat(61), '/id', 'maxLength'],
  ['no name', '/name', ABSENT, '/', 'required'],
  ['a name with a colon', '/name', 'ACT: Cart', '/name', 'pattern'],
  ['a name that starts with a period', '/name', '.Cart', '/name', 'pattern'],
  ['a name that ends with a space', '/name', 'Cart ', '/name', 'pattern'],
  ['a name with an umlaut', '/name', 'ACT__Käufer__7d', '/name', 'pattern'],
  ['a name of 201 characters', '/name', 'a'.repeat(201), '/name', 'maxLength'],
  ['a blank description', '/description', '  ', '/description', 'pattern'],
  ['an intent for analysis', '/intent', 'analysis', '/intent', 'enum'],
  ['a use case with a space', '/use_case', 'cart recovery', '/use_case', 'pattern'],
  ['a misspelt key', '/rolout', { stage: 'live' }, '/', 'additionalProperties'],
  ['an owner that is only a name', '/owner', 'lifecycle', '/owner', 'type'],
  ['an owner nobody can reach', '/owner/contact', ABSENT, '/owner', 'required'],
  ['a contact that is no address', '/owner/contact', 'lifecycle', '/owner/contact', 'pattern'],
  ['no approver', '/owner/approvers', [], '/owner/approvers', 'minItems'],
  ['an approver twice', '/owner/approvers', ['@a/b', '@a/b'], '/owner/approvers', 'uniqueItems'],
  ['an approver without @', '/owner/approvers', ['acme/b'], '/owner/approvers/0', 'pattern'],
  ['a source without the name', '/source/name', ABSENT, '/source', 'required'],
  ['a segment that is a text', '/source/segment', '14', '/source/segment', 'type'],
  ['segment number zero', '/source/segment', 0, '/source/segment', 'minimum'],
  ['a misspelt key of the source', '/source/segmnt', 14, '/source', 'additionalProperties'],
  [
    'a manual source of somebody else',
    '/source',
    { manual: { name: 'QA', members: 'all' } },
    '/source/manual/members',
    'enum',
  ],
  ['a manual source without members', '/source', { manual: { name: 'QA' } }, '/source/manual', 'required'],
  ['an identifier that says nothing', '/identifier', {}, '/identifier', 'minProperties'],
  ['an unknown identifier', '/identifier', { key: 'phone' }, '/identifier/key', 'enum'],
  [
    'an attribute without a name',
    '/identifier',
    { key: { attribute: '' } },
    '/identifier/key/attribute',
    'pattern',
  ],
  [
    'a coverage without the sign',
    '/identifier',
    { min_coverage: '95' },
    '/identifier/min_coverage',
    'pattern',
  ],
  [
    'a coverage above 100 %',
    '/identifier',
    { min_coverage: '100.5%' },
    '/identifier/min_coverage',
    'pattern',
  ],
  ['an exit without a rule', '/exit', {}, '/exit', 'required'],
  ['an unknown exit rule', '/exit', { rule: 'drop' }, '/exit/rule', 'enum'],
  ['an exit that is only a word', '/exit', 'remove', '/exit', 'type'],
  ['remove with a duration', '/exit', { rule: 'remove', for: '7d' }, '/exit', 'additionalProperties'],
  ['sticky without from', '/exit', { rule: 'sticky', for: '7d' }, '/exit', 'required'],
  ['sticky from nowhere', '/exit', { rule: 'sticky', for: '7d', from: 'birth' }, '/exit/from', 'enum'],
  ['sticky for weeks', '/exit', { rule: 'sticky', for: '2w', from: 'exit' }, '/exit/for', 'pattern'],
  ['keep without a reason', '/exit', { rule: 'keep' }, '/exit', 'required'],
  ['a window of zero', '/timing/window', '0h', '/timing/window', 'pattern'],
  ['a buffer that is a number', '/timing/buffer', 90, '/timing/buffer', 'type'],
  ['a sync_every in seconds', '/timing/sync_every', '30s', '/timing/sync_every', 'pattern'],
  ['no sync_every', '/timing/sync_every', ABSENT, '/timing', 'required'],
  ['a channel that MoEngage lacks', '/channels/moengage', ['fax'], '/channels/moengage/0', 'enum'],
  ['a third tool', '/channels/braze', ['push'], '/channels', 'additionalProperties'],
  ['ten suppressions', '/suppressed_by', [...'abcdefghij'], '/suppressed_by', 'maxItems'],
  ['a suppression twice', '/suppressed_by', ['vip', 'vip'], '/suppressed_by', 'uniqueItems'],
  ['a cap of no message', '/frequency_cap/max', 0, '/frequency_cap/max', 'minimum'],
  ['a cap without a time span', '/frequency_cap/per', ABSENT, '/frequency_cap', 'required'],
  ['an unknown stage', '/rollout', { stage: 'beta' }, '/rollout/stage', 'enum'],
  ['no stage', '/rollout', { holdout_percent: 5 }, '/rollout', 'required'],
  ['a canary without percent', '/rollout', { stage: 'canary' }, '/rollout', 'required'],
  ['a canary of 100 percent', '/rollout', { stage: 'canary', percent: 100 }, '/rollout/percent', 'maximum'],
  ['live with percent', '/rollout', { stage: 'live', percent: 10 }, '/rollout', 'additionalProperties'],
  [
    'a holdout of more than half',
    '/rollout',
    { stage: 'live', holdout_percent: 51 },
    '/rollout/holdout_percent',
    'maximum',
  ],
  ['a removal above 100 %', '/guards/max_removal', '130%', '/guards/max_removal', 'pattern'],
  ['a negative growth', '/guards/max_growth', '-5%', '/guards/max_growth', 'pattern'],
  ['more members than MoEngage supports', '/guards/max_members', 5_000_001, '/guards/max_members', 'maximum'],
  ['protected as a word', '/protected', 'yes', '/protected', 'type'],
  ['suspend as a word', '/suspend', 'yes', '/suspend', 'type'],
  ['a former id in capitals', '/moved_from', 'Vip', '/moved_from', 'pattern'],
  ['adopting by a bare id', '/adopt', 'crm-vip-2024', '/adopt', 'type'],
  ['adopting a cohort without its id', '/adopt', {}, '/adopt', 'required'],
  ['adopting a cohort by a blank id', '/adopt', { cohort_id: ' ' }, '/adopt/cohort_id', 'pattern'],
  ['adopting by number', '/adopt', { remote_id: 7, cohort_id: 'a' }, '/adopt', 'additionalProperties'],
]

const OVERRIDE = { guard: 'case-twin', by: 'Jo Doe', because: 'Agreed.', until: '2026-12-01' }

const WORKSPACE: readonly Row[] = [
  ['no partner', '/partner', ABSENT, '/', 'required'],
  ['no environment', '/environments', {}, '/environments', 'minProperties'],
  [
    'an environment without MoEngage',
    '/environments/live/moengage',
    ABSENT,
    '/environments/live',
    'required',
  ],
  [
    'an unknown region',
    '/environments/live/customerio/region',
    'asia',
    '/environments/live/customerio/region',
    'enum',
  ],
  [
    'a data center that lost its quotes',
    '/environments/live/moengage/data_center',
    1,
    '/environments/live/moengage/data_center',
    'enum',
  ],
  [
    'a key instead of a variable',
    '/environments/live/moengage/data_key_env',
    'k3y-0f-acme',
    '/environments/live/moengage/data_key_env',
    'pattern',
  ],
  [
    'half of the Track keys',
    '/environments/live/customerio/track_site_id_env',
    'SITE_ID',
    '/environments/live/customerio',
    'dependentRequired',
  ],
  [
    'a base_url with a slash at the end',
    '/environments/local/moengage/base_url',
    'http://127.0.0.1:4200/',
    '/environments/local/moengage/base_url',
    'pattern',
  ],
  [
    'a base_url with credentials',
    '/environments/local/moengage/base_url',
    'http://me:pw@127.0.0.1',
    '/environments/local/moengage/base_url',
    'pattern',
  ],
  ['a database URL in the open', '/store', 'postgres://me:pw@db/muster', '/store', 'pattern'],
  ['a placeholder that is not env', '/store', 'duckdb:.muster/{name}.duckdb', '/store', 'pattern'],
  ['a PostgreSQL store without its variable', '/store', { postgres: {} }, '/store/postgres', 'required'],
  ['a prefix in small letters', '/naming/qa', 'qa', '/naming/qa', 'pattern'],
  ['a prefix for analysis', '/naming/analysis', 'ANA', '/naming', 'additionalProperties'],
  ['a budget of nothing', '/budget/synced', 0, '/budget/synced', 'minimum'],
  ['a floor below zero', '/guards/floor', -1, '/guards/floor', 'minimum'],
  [
    'more calls than MoEngage allows',
    '/rate/moengage_per_minute',
    301,
    '/rate/moengage_per_minute',
    'maximum',
  ],
  [
    'more calls than Customer.io allows',
    '/rate/customerio_per_second',
    11,
    '/rate/customerio_per_second',
    'maximum',
  ],
  ['a year of the calendar', '/reassert', { every: '1y' }, '/reassert/every', 'pattern'],
  ['nobody ever sent again', '/reassert', { calls_per_run: 0 }, '/reassert/calls_per_run', 'minimum'],
  ['a tester that is a number', '/qa/testers', [7], '/qa/testers/0', 'type'],
  ['a tester twice', '/qa/testers', ['emp_001', 'emp_001'], '/qa/testers', 'uniqueItems'],
  ['a team without approvers', '/teams/lifecycle/approvers', ABSENT, '/teams/lifecycle', 'required'],
  [
    'a webhook in the open',
    '/alerts',
    { webhook_env: 'https://hooks.example.com/x' },
    '/alerts/webhook_env',
    'pattern',
  ],
  [
    'an override of a guard that has none',
    '/allow',
    [{ ...OVERRIDE, guard: 'takeover' }],
    '/allow/0/guard',
    'enum',
  ],
  ['an override without a reason', '/allow', [{ ...OVERRIDE, because: undefined }], '/allow/0', 'required'],
  ['an override by nobody', '/allow', [{ ...OVERRIDE, by: '' }], '/allow/0/by', 'pattern'],
  ['an override without an end', '/allow', [{ ...OVERRIDE, until: 'later' }], '/allow/0/until', 'pattern'],
  ['an override in month 13', '/allow', [{ ...OVERRIDE, until: '2026-13-01' }], '/allow/0/until', 'pattern'],
  ['an override twice', '/allow', [OVERRIDE, OVERRIDE], '/allow', 'uniqueItems'],
  ['forgetting in capitals', '/forget', ['Vip'], '/forget/0', 'pattern'],
  ['forgetting twice', '/forget', ['vip', 'vip'], '/forget', 'uniqueItems'],
]

describe('an audience is refused for', () => {
  test.each(AUDIENCE)('%s', (_what, pointer, value, at, rule) => {
    const written = writeAt(readValid('cart-abandon.yaml'), pointer, value)
    expect(describeMistakes('audience', written)).toEqual([`${at} ${rule}`])
  })
})

describe('a workspace is refused for', () => {
  test.each(WORKSPACE)('%s', (_what, pointer, value, at, rule) => {
    const written = writeAt(readValid('workspace.yaml'), pointer, value)
    expect(describeMistakes('workspace', written)).toEqual([`${at} ${rule}`])
  })

  test('an environment that is no word', () => {
    const written = readValid('workspace.yaml')
    const environments = written.environments as Record<string, unknown>
    environments['Live!'] = environments.live
    expect(describeMistakes('workspace', written)).toEqual([
      '/environments pattern',
      '/environments propertyNames',
    ])
  })
})
