import type { Finding } from './finding.ts'
import { quoteText } from './visible-text.ts'

/** What a scalar without quotes is. */
export type PlainScalar =
  | { readonly kind: 'value'; readonly value: string | number | boolean | null }
  | { readonly kind: 'refused'; readonly finding: Omit<Finding, 'start' | 'end'> }

/** Anything that YAML 1.2's core schema would read as something other than text begins with one of these. */
const MAY_NOT_BE_TEXT = /^(?:[-+.0-9~]|[tT][rR]|[fF][aA]|[nN][uU]|$)/

const DECIMAL = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$/
const CORE_NUMBER =
  /^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/

/**
 * Reads a plain scalar as YAML 1.2 does, with one exception: a number that is not written in plain decimal digits is
 * refused, because readers disagree on it (`010` is 8 to some) or because it is a code that needed quotes (`01`).
 */
export const readPlainScalar = (text: string): PlainScalar => {
  if (!MAY_NOT_BE_TEXT.test(text)) return { kind: 'value', value: text }
  if (DECIMAL.test(text)) return readDecimal(text)
  if (/^(?:true|True|TRUE)$/.test(text)) return { kind: 'value', value: true }
  if (/^(?:false|False|FALSE)$/.test(text)) return { kind: 'value', value: false }
  if (/^(?:~|null|Null|NULL)?$/.test(text)) return { kind: 'value', value: null }
  if (!CORE_NUMBER.test(text)) return { kind: 'value', value: text }
  return refuseNumber(text, 'is read as different numbers by different programs')
}

const readDecimal = (text: string): PlainScalar => {
  const value = Number(text)
  if (Math.abs(value) <= Number.MAX_SAFE_INTEGER) return { kind: 'value', value }
  return refuseNumber(text, 'has more digits than a number keeps')
}

const refuseNumber = (text: string, reason: string): PlainScalar => {
  const value = Number(text)
  const asNumber = Number.isSafeInteger(value) && value >= 0 ? `write ${value} if it is a number, or ` : ''
  return {
    kind: 'refused',
    finding: {
      code: 'spec/number-form',
      detail: `${quoteText(text)} ${reason}.`,
      hint: `${asNumber}put it in quotes if it is text: ${quoteText(text)}`,
    },
  }
}
