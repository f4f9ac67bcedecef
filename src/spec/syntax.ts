import type { ErrorCode, YAMLParseError } from 'yaml'
import type { Finding } from './finding.ts'

/** One slip confuses the reader for the rest of the file; what it says later is rarely worth reading. */
const MAX_SHOWN = 3

const HINTS: Partial<Record<ErrorCode, string>> = {
  BAD_INDENT: 'indent keys of one mapping by the same number of spaces, and close every bracket',
  BAD_SCALAR_START: 'put the value in quotes',
  BLOCK_AS_IMPLICIT_KEY: 'put the value in quotes if it contains ": "; if the next line is a key, line it up',
  MISSING_CHAR: 'look for a missing colon, quote, comma or bracket, here or just above',
  MULTILINE_IMPLICIT_KEY: 'write ": " after the key, or put a text of several lines in quotes',
  TAB_AS_INDENT: 'indent with spaces',
}

/** The syntax errors of a document in our words: one for each place, the first few only. */
export const describeSyntaxErrors = (errors: readonly YAMLParseError[]): readonly Finding[] => {
  const byStart = new Map<number, YAMLParseError>()
  for (const error of errors) if (!byStart.has(error.pos[0])) byStart.set(error.pos[0], error)
  return Array.from(byStart.values()).slice(0, MAX_SHOWN).map(describeSyntaxError)
}

const describeSyntaxError = ({ code, message, pos: [start, end] }: YAMLParseError): Finding => ({
  code: code === 'TAB_AS_INDENT' ? 'spec/tab-indent' : 'spec/syntax',
  detail: message.endsWith('.') ? message : `${message}.`,
  hint: HINTS[code] ?? 'put the value in quotes if it is text; otherwise compare with the line above',
  start,
  end,
})
