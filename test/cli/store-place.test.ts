import { describe, expect, test } from 'vitest'
import { chooseStore, parseStore, readDatabaseUrl, type StorePlace } from '../../src/cli/store-place.ts'
import { failureOf } from '../../src/model/failure.ts'
import type { Environment, StoreTarget } from '../../src/model/workspace.ts'

const environmentOf = (name: string): Environment => ({
  name,
  customerio: { region: 'us', appKeyEnv: 'CUSTOMERIO_APP_KEY' },
  moengage: { dataCenter: '01', workspaceId: 'ACME01', dataKeyEnv: 'MOENGAGE_DATA_KEY' },
})
const FILE: StoreTarget = { kind: 'duckdb', path: '.muster/{env}.duckdb' }
const DATABASE: StoreTarget = { kind: 'postgres', urlEnv: 'SHOP_DATABASE' }

const describePlace = (place: StorePlace): string =>
  place.kind === 'duckdb'
    ? place.path
    : `${place.schema} at ${'given' in place.url ? 'a URL' : place.url.variable}`

describe('which store', () => {
  test.each`
    written                    | store       | env          | place
    ${undefined}               | ${FILE}     | ${'live'}    | ${'.muster/live.duckdb'}
    ${undefined}               | ${DATABASE} | ${'live'}    | ${'muster_live at SHOP_DATABASE'}
    ${undefined}               | ${DATABASE} | ${'eu-live'} | ${'muster_eu_live at SHOP_DATABASE'}
    ${'duckdb:x/{env}.duckdb'} | ${DATABASE} | ${'qa'}      | ${'x/qa.duckdb'}
    ${'postgres:OTHER'}        | ${FILE}     | ${'qa'}      | ${'muster_qa at OTHER'}
    ${'postgres://u:p@h/d'}    | ${FILE}     | ${'qa'}      | ${'muster_qa at a URL'}
    ${'postgresql://u:p@h/d'}  | ${FILE}     | ${'qa'}      | ${'muster_qa at a URL'}
  `('--store $written in $env: $place', ({ written, store, env, place }) => {
    expect(describePlace(chooseStore(written, { store }, environmentOf(env)))).toBe(place)
  })

  test.each(['state.duckdb', 'duckdb:', 'postgres:lower_case', 'mysql://u:p@h/d', ''])(
    'not "%s"',
    written => {
      const attempt = () => parseStore(written, 'live', '--to')
      expect(attempt).toThrow(
        expect.objectContaining({ failure: expect.objectContaining({ code: 'unsupported/store' }) }),
      )
      expect(attempt).not.toThrow(/u:p/)
    },
  )

  test('a name is never longer than PostgreSQL takes, and tells nothing of the URL', () => {
    const place = parseStore('postgres://u:hush@h/d', 'a'.repeat(60), '--store')
    expect(place.kind === 'postgres' && place.schema.length).toBe(63)
    expect(place.name).not.toContain('hush')
  })

  test('a variable that is not set is named, with what it must hold', () => {
    const place = chooseStore(undefined, { store: DATABASE }, environmentOf('live'))
    if (place.kind !== 'postgres') throw new Error('it is a database')
    expect(readDatabaseUrl(place, { variables: { SHOP_DATABASE: 'postgres://h/d' } })).toBe('postgres://h/d')
    for (const variables of [{}, { SHOP_DATABASE: '' }])
      try {
        expect(readDatabaseUrl(place, { variables })).toBe('never')
      } catch (error) {
        expect(failureOf(error)).toMatchObject({
          code: 'config/no-database',
          detail: 'The variable SHOP_DATABASE is not set; it must hold the URL of the PostgreSQL database.',
        })
      }
  })
})
