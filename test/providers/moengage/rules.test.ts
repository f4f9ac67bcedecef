import { describe, expect, test } from 'vitest'
import type { MoengageConnection } from '../../../src/model/workspace.ts'
import { refuseIdentifier } from '../../../src/providers/moengage/identifiers.ts'
import { findNameFault } from '../../../src/providers/moengage/names.ts'
import { createMoengageReader } from '../../../src/providers/moengage/provider.ts'
import { createSurroundings, KEY } from '../support/client.ts'
import { CONNECTION } from './connect.ts'

describe('identifiers', () => {
  test.each(['usr_1', ' usr_1 ', 'Zoë', 'one@example.com', '10', '-3', 'guest_1', 'x'.repeat(150), '𝕏'])(
    '%j is sent',
    identifier => {
      expect(refuseIdentifier(identifier)).toBe(undefined)
    },
  )

  test.each([
    ...['unknown', 'guest', 'null', '0', '1', 'true', 'false', 'user_attribute_unique_id', 'na', 'n/a', '""'],
    ...[
      'dummy_seller_code',
      'user_id',
      'id',
      'customer_id',
      'uid',
      'userid',
      'none',
      '-2',
      '-1',
      '2',
      '(empty)',
    ],
    ...['Guest', ' NULL ', 'N/A'],
  ])('%j is reserved', identifier => {
    expect(refuseIdentifier(identifier)).toBe('reserved-identifier')
  })

  test.each(['', '   ', 'usr\n1', 'usr_1\u0000', '\u007f', '\ud800', 'x'.repeat(151), 'ü'.repeat(76)])(
    '%j cannot be sent',
    identifier => {
      expect(refuseIdentifier(identifier)).toBe('unsendable-identifier')
    },
  )
})

describe('names of segments', () => {
  test.each(['ACT__CartAbandon__2h', 'VIP (gold)', "Tom's & co.", 'x'.repeat(200), 'Ünïcode 𝕏'])(
    '%j is fine',
    name => {
      expect(findNameFault(name)).toBe(undefined)
    },
  )

  test.each`
    name               | fault
    ${''}              | ${'it is empty'}
    ${' '}             | ${'it is empty'}
    ${'VIP '}          | ${'it begins or ends with a space'}
    ${'.VIP'}          | ${'it begins with a period'}
    ${'VIP\tgold'}     | ${'it holds a control character'}
    ${'a|b'}           | ${'it holds |'}
    ${'a*b'}           | ${'it holds *'}
    ${'a?b'}           | ${'it holds ?'}
    ${'a\\b'}          | ${'it holds \\'}
    ${'a:b'}           | ${'it holds :'}
    ${'a<b'}           | ${'it holds <'}
    ${'a>b'}           | ${'it holds >'}
    ${'a=b'}           | ${'it holds ='}
    ${'a$b'}           | ${'it holds $'}
    ${'a"b'}           | ${'it holds "'}
    ${'x'.repeat(201)} | ${'it is longer than 200 characters'}
    ${'all users'}     | ${'it is a name of MoEngage itself'}
  `('$name: $fault', ({ name, fault }) => {
    expect(findNameFault(name)).toBe(fault)
  })
})

describe('configuration', () => {
  const create = (more: Partial<MoengageConnection>, dataKey = KEY) =>
    createMoengageReader({ ...createSurroundings(), connection: { ...CONNECTION, ...more }, dataKey })

  test('a data center that is none would send the key to somebody else', () => {
    expect(() => create({ dataCenter: '01.example.com/' })).toThrow('provider/bad-config: data_center')
  })

  test.each(['', 'ACME 01', 'ACME:01', 'ACME\n'])('a workspace id %j is refused', workspaceId => {
    expect(() => create({ workspaceId })).toThrow('provider/bad-config: workspace_id')
  })

  test('an empty key is refused by the name of its variable', () => {
    expect(() => create({}, '')).toThrow('provider/auth: MOENGAGE_DATA_KEY is empty.')
  })

  test('a reader has nothing that writes', () => {
    expect(Object.keys(create({})).sort()).toEqual(['listSegments', 'readSendable', 'refusesIdentifier'])
  })
})
