import { CST, Lexer, Parser } from 'yaml'
import type { Finding } from './finding.ts'

/** Deepest nesting of mappings and lists that is read. */
const MAX_NESTING = 32

/** Most words and marks that are read. A spec has some hundreds; thousands of mistakes take seconds to describe. */
const MAX_LEXEMES = 20_000

/** The tokens of a text, and what of YAML it uses that specs may not. */
export interface ScannedText {
  readonly tokens: readonly CST.Token[]
  readonly findings: readonly Finding[]
  /** Tokens stop where it got too deep or too long: composing them would say nothing useful. */
  readonly isCutShort: boolean
}

const AMPERSAND = 0x26
const ASTERISK = 0x2a
const EXCLAMATION_MARK = 0x21
const PERCENT = 0x25
const DOUBLE_QUOTE = 0x22
const SINGLE_QUOTE = 0x27

/**
 * Reads tokens one by one instead of calling `parseDocument`, to stop at the first bracket too many: the composer
 * recurses, so depth must be known before it starts. Also sees anchors and tags where they stand, which the
 * composed nodes no longer tell.
 */
export const scanText = (text: string): ScannedText => {
  const parser = new Parser()
  const tokens: CST.Token[] = []
  const findings: Finding[] = []
  let previous = ''
  let count = 0
  for (const lexeme of new Lexer().lex(text)) {
    if (previous !== CST.SCALAR) {
      const finding = refuseLexeme(lexeme, parser.offset)
      if (finding) findings.push(finding)
    }
    previous = lexeme
    for (const token of parser.next(lexeme)) tokens.push(token)
    count += 1
    if (count > MAX_LEXEMES)
      return { tokens, findings: [...findings, refuseLength(parser.offset)], isCutShort: true }
    // The document itself and the scalar being read are on the stack as well.
    if (parser.stack.length > MAX_NESTING + 2)
      return { tokens, findings: [...findings, refuseNesting(parser.offset)], isCutShort: true }
  }
  for (const token of parser.end()) tokens.push(token)
  return { tokens, findings, isCutShort: false }
}

const refuseLexeme = (lexeme: string, start: number): Finding | undefined => {
  const end = start + lexeme.length
  switch (lexeme.charCodeAt(0)) {
    case AMPERSAND:
    case ASTERISK:
      return {
        code: 'spec/alias',
        detail: `${lexeme} makes a value stand somewhere else, so a reviewer does not see it.`,
        hint: 'write the value out where it is used',
        start,
        end,
      }
    case EXCLAMATION_MARK:
      return {
        code: 'spec/tag',
        detail: `${lexeme} changes how a value is read.`,
        hint: `remove ${lexeme}; put the value in quotes to make it text`,
        start,
        end,
      }
    case PERCENT:
      return {
        code: 'spec/directive',
        detail: `${lexeme.trimEnd()} changes how the file is read.`,
        hint: 'remove the line',
        start,
        end,
      }
    case DOUBLE_QUOTE:
    case SINGLE_QUOTE:
      return lexeme.length > 1 && lexeme.endsWith(lexeme.charAt(0)) ? undefined : refuseOpenQuote(start)
    default:
      return undefined
  }
}

/** The reader notices at the end of the file; the person has to look where the quote opens. */
const refuseOpenQuote = (start: number): Finding => ({
  code: 'spec/syntax',
  detail: 'The quote that opens here is never closed.',
  hint: 'close it at the end of the text',
  start,
  end: start + 1,
})

const refuseLength = (offset: number): Finding => ({
  code: 'spec/too-large',
  detail: `It has more than ${MAX_LEXEMES} words and marks; the rest of the file was not read.`,
  hint: 'a spec is a page long: check what this file is',
  start: offset,
  end: offset,
})

const refuseNesting = (offset: number): Finding => ({
  code: 'spec/nesting',
  detail: `Mappings and lists go deeper than ${MAX_NESTING} levels here; the rest of the file was not read.`,
  hint: 'a spec needs no more than 5 levels: look for a bracket that is never closed',
  start: Math.max(0, offset - 1),
  end: offset,
})
