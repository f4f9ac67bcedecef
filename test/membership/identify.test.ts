import { describe, expect, test } from 'vitest'
import { createIdentification, NOBODY_SKIPPED } from '../../src/membership/identify.ts'

const takesAll = () => undefined

describe('who is sent, and as what', () => {
  test.each`
    value        | identifier   | skipped
    ${'usr_1'}   | ${'usr_1'}   | ${'nobody'}
    ${' USR_1 '} | ${' USR_1 '} | ${'nobody'}
    ${'0'}       | ${'0'}       | ${'nobody'}
    ${''}        | ${undefined} | ${'no-identifier'}
    ${undefined} | ${undefined} | ${'no-identifier'}
  `('$value is sent as $identifier, skipped: $skipped', ({ value, identifier, skipped }) => {
    const identification = createIdentification({ refuses: takesAll })
    expect(identification.identify(value)).toBe(identifier)
    expect(identification.skipped).toEqual(
      skipped === 'nobody' ? NOBODY_SKIPPED : { ...NOBODY_SKIPPED, [skipped]: 1 },
    )
  })

  test('what the destination never takes is skipped with its reason', () => {
    const identification = createIdentification({ refuses: () => 'reserved-identifier' })
    expect(identification.identify('guest')).toBe(undefined)
    expect(identification.skipped).toEqual({ ...NOBODY_SKIPPED, 'reserved-identifier': 1 })
  })

  test('a value is sent in its format, and judged in it', () => {
    const format = (value: string) => (value === 'nonsense' ? undefined : value.toUpperCase())
    const refuses = (identifier: string) =>
      identifier === 'GUEST' ? ('reserved-identifier' as const) : undefined
    const { identify, skipped } = createIdentification({ refuses, format })
    expect(['usr_1', 'guest', 'nonsense', ''].map(identify)).toEqual([
      'USR_1',
      undefined,
      undefined,
      undefined,
    ])
    expect(skipped).toEqual({
      'no-identifier': 1,
      'reserved-identifier': 1,
      'unsendable-identifier': 1,
    })
  })

  test('a read that goes on counts on from where it was cut off', () => {
    const before = { ...NOBODY_SKIPPED, 'no-identifier': 7 }
    const identification = createIdentification({ refuses: takesAll, skipped: before })
    identification.identify(undefined)
    expect(identification.skipped['no-identifier']).toBe(8)
    expect(before['no-identifier']).toBe(7)
  })
})
