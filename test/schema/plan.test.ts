import { describe, expect, test } from 'vitest'
import { ACTIONS, OBJECT_KINDS, OPERATIONS } from '../../src/model/plan.ts'
import { buildDesired } from '../../src/plan/graph.ts'
import { anAudience, aWorkspace } from '../support/audience.ts'
import { findMistakes, SCHEMAS, type SchemaNode } from './fixtures.ts'

const plan = SCHEMAS.plan
const definitions = plan.$defs as Readonly<Record<string, SchemaNode>>
const [example] = plan.examples as readonly [Readonly<Record<string, unknown>>]

const enumOf = (definition: string, key: string): readonly unknown[] => {
  const properties = definitions[definition]?.properties as Readonly<Record<string, SchemaNode>>
  return properties[key]?.enum as readonly unknown[]
}

const describeMistakes = (change: Readonly<Record<string, unknown>>): readonly string[] =>
  findMistakes('plan', { ...example, ...change }).map(
    ({ instancePath, keyword }) => `${instancePath || '/'} ${keyword}`,
  )

/** The example's change with one value of it. */
const changeOf = (attribute: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => {
  const [first] = example.changes as readonly [object]
  return { changes: [{ ...first, attributes: [{ belief: 'recorded', origin: 'file', ...attribute }] }] }
}

const drift = { address: 'source.vip', attribute: 'name', detail: 'Changed.', grade: 'checked' }
const refusal = { code: 'guard/takeover', severity: 'error', summary: 'Taken', detail: 'It is taken.' }
const DIGEST = `sha256:${'0'.repeat(64)}`

describe('a plan document', () => {
  test.each([
    ['a value that is a digest of people', changeOf({ attribute: 'testers', before: DIGEST, after: DIGEST })],
    ['a number of people', changeOf({ attribute: 'people', after: 12 })],
    ['a list', changeOf({ attribute: 'exclude', before: ['cohort.vip'], after: [] })],
    ['a cohort that a rename left behind', { drift: [{ ...drift, address: 'cohort.vip@g1' }] }],
    [
      'a list that failed',
      {
        reads: {
          ...(example.reads as object),
          moengage_segments: { kind: 'failed', code: 'provider/unavailable' },
        },
      },
    ],
    ['a refusal of a place', { refusals: [{ ...refusal, path: 'audiences/vip.yaml', line: 1, column: 4 }] }],
  ])('may hold %s', (_what, change) => {
    expect(describeMistakes(change)).toEqual([])
  })

  test.each([
    ['a tester by name', changeOf({ attribute: 'testers', after: ['emp_001'] }), 'after type'],
    [
      'a tester by address',
      changeOf({ attribute: 'people_digest', before: 'jo@example.com' }),
      'before pattern',
    ],
    [
      'people in what drifted',
      { drift: [{ ...drift, attribute: 'people_digest', observed: 'emp_001' }] },
      'observed pattern',
    ],
    ['a value that nobody declared', changeOf({ attribute: 'app_key', after: 'x' }), 'attribute enum'],
    ['a value that is a mapping', changeOf({ attribute: 'name', after: { id: 'emp_001' } }), 'after oneOf'],
    ['a list of numbers', changeOf({ attribute: 'exclude', after: [7] }), 'after/0 type'],
    [
      'a text as long as a list of people',
      changeOf({ attribute: 'name', after: 'a'.repeat(2_001) }),
      'after maxLength',
    ],
    [
      'a person as an address',
      { drift: [{ ...drift, address: 'cohort.jo@example.com' }] },
      'address pattern',
    ],
    ['a person as an audience', { only: ['jo@example.com'] }, 'only/0 pattern'],
    [
      'members beside their count',
      { effects: [{ audience: 'vip', effect: 'remove-all', recorded_members: 1, members: ['emp_001'] }] },
      'effects/0 additionalProperties',
    ],
    ['a key', { api_key: 'x' }, '/ additionalProperties'],
    [
      'a failure in its own words',
      { reads: { ...(example.reads as object), moengage_segments: { kind: 'failed', code: 'Bad key abc' } } },
      'code pattern',
    ],
    [
      'an override that does not exist',
      { overrides: [{ guard: 'protected', by: 'Jo Doe', because: 'Agreed.', until: '2026-12-01' }] },
      'guard enum',
    ],
    ['a moment in local time', { planned_at: '2026-11-23T10:00:00+01:00' }, 'planned_at pattern'],
    ['a short digest', { digest: 'sha256:abc' }, 'digest pattern'],
    ['a line without a file', { refusals: [{ ...refusal, line: 1 }] }, 'refusals/0 dependentRequired'],
    ['another format', { format_version: 2 }, 'format_version const'],
  ])('has no place for %s', (_what, change, expected) => {
    const found = describeMistakes(change)
    expect(found.filter(mistake => mistake.endsWith(expected))).not.toEqual([])
  })

  test('says its words as the code does', () => {
    expect(enumOf('change', 'action')).toEqual(Object.keys(ACTIONS))
    expect(enumOf('change', 'kind')).toEqual(OBJECT_KINDS)
    expect(enumOf('call', 'operation')).toEqual(Object.keys(OPERATIONS))
    const overrides = SCHEMAS.workspace.$defs as Readonly<Record<string, SchemaNode>>
    const written = overrides.override?.properties as Readonly<Record<string, SchemaNode>>
    expect(enumOf('override', 'guard')).toEqual(written.guard?.enum)
  })

  test('knows every value that specs can declare', () => {
    const audience = anAudience({
      source: { kind: 'manual', name: 'QA team', members: 'testers' },
      changeProcess: 'Two approvals.',
      timing: { windowMs: 3_600_000, bufferMs: 60_000, syncEveryMs: 60_000 },
      frequencyCap: { max: 2, perMs: 86_400_000 },
      rollout: { stage: { kind: 'qa' }, holdoutPercent: 0 },
      suppressedBy: ['recent-purchasers'],
    })
    const declared = buildDesired(aWorkspace, [audience, anAudience({ id: 'other' })]).flatMap(
      ({ attributes }) => Object.keys(attributes),
    )
    const known = definitions.attribute_name?.enum as readonly string[]
    expect(declared.length).toBeGreaterThan(20)
    expect(declared.filter(name => !known.includes(name))).toEqual([])
  })
})
