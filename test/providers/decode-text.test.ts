import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeText } from '../../src/providers/decode-text.ts'

/** The same by a decoder that is strict by itself. */
const decodeStrictly = (bytes: Buffer): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

test.each([
  ['usr_1', 'usr_1'],
  ['', ''],
  ['\ufeff{"a":1}', '{"a":1}'],
  ['\ufeff\ufeff', '\ufeff'],
  ['zoë \u{1f600}', 'zoë \u{1f600}'],
])('%j is %j', (written, text) => {
  expect(decodeText(Buffer.from(written))).toBe(text)
})

test.each([[[0xff]], [[0x75, 0xc3]], [[0xc0, 0x80]], [[0xed, 0xa0, 0x80]], [[0xef, 0xbb]]])(
  'bytes %j are no text',
  bytes => {
    expect(decodeText(Buffer.from(bytes))).toBe(undefined)
  },
)

test('any bytes are what a strict decoder takes them for', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 12 }), bytes => {
      expect(decodeText(Buffer.from(bytes))).toBe(decodeStrictly(Buffer.from(bytes)))
    }),
    { numRuns: 2_000 },
  )
})
