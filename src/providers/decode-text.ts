import { isAscii, isUtf8 } from 'node:buffer'

/** Marks a text as UTF-8 and is no part of it. */
const BYTE_ORDER_MARK = '\ufeff'

/**
 * The text of a body, or undefined when it is not UTF-8: other bytes would turn into other people's identifiers. Most
 * bodies are ASCII, which needs no decoding; a decoder that is strict by itself takes twice as long.
 */
export const decodeText = (bytes: Buffer): string | undefined => {
  if (isAscii(bytes)) return bytes.toString('latin1')
  if (!isUtf8(bytes)) return undefined
  const text = bytes.toString('utf8')
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text
}
