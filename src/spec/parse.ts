import { Composer, type ParsedNode, type YAMLParseError } from 'yaml'
import { convertNodes, type JsonObject, type JsonValue, type Path } from './convert.ts'
import type { Finding } from './finding.ts'
import { type ScannedText, scanText } from './scan.ts'
import { describeSyntaxErrors } from './syntax.ts'
import { findInvisible, hasInvisible } from './visible-text.ts'

/** Largest spec that is read, in bytes. Whoever reads files needs to read one byte more than this and no further. */
export const MAX_SPEC_BYTES = 256 * 1024

/** One file as it was found. `path` is what diagnostics show: relative, with forward slashes. */
export interface SpecFile {
  readonly path: string
  readonly bytes: Uint8Array
}

/** What a file says, before anybody asks whether that is allowed. `value` is absent when it cannot be read at all. */
export interface ParsedSpec {
  readonly path: string
  readonly text: string
  readonly value?: JsonObject
  readonly findings: readonly Finding[]
  readonly refusedPaths: readonly Path[]
}

const COMPOSER_OPTIONS = {
  schema: 'failsafe',
  uniqueKeys: false,
  prettyErrors: false,
  logLevel: 'silent',
} as const

/** Reads the bytes of one spec. Never throws, whatever they are. */
export const parseSpec = ({ path, bytes }: SpecFile): ParsedSpec => {
  if (bytes.byteLength > MAX_SPEC_BYTES) return refuse(path, '', [TOO_LARGE])
  const text = decodeUtf8(bytes)
  if (text === undefined) return refuseEncoding(path, bytes)
  if (hasInvisible(text)) return refuse(path, text, describeInvisible(text))
  return parseText(path, text)
}

const parseText = (path: string, text: string): ParsedSpec => {
  const scanned = scanText(text)
  if (scanned.isCutShort) return refuse(path, text, scanned.findings)
  const composer = new Composer<ParsedNode>(COMPOSER_OPTIONS)
  const [document, second] = composer.compose(scanned.tokens, true, text.length)
  if (second) return refuse(path, text, [...scanned.findings, refuseSecond(second.range[0])])
  if (document && document.errors.length > 0)
    return refuseSyntax(path, text, { scanned, errors: document.errors })
  return readContents(path, text, { scanned, contents: document?.contents ?? null })
}

const refuseSyntax = (
  path: string,
  text: string,
  { scanned, errors }: { scanned: ScannedText; errors: readonly YAMLParseError[] },
): ParsedSpec => {
  // After a quote that is never closed, everything else is a consequence.
  const isExplained = scanned.findings.some(({ code }) => code === 'spec/syntax')
  return refuse(path, text, [...scanned.findings, ...(isExplained ? [] : describeSyntaxErrors(errors))])
}

const readContents = (
  path: string,
  text: string,
  { scanned, contents }: { scanned: ScannedText; contents: ParsedNode | null },
): ParsedSpec => {
  if (contents === null) return refuse(path, text, [EMPTY])
  const { value, findings, refusedPaths } = convertNodes(contents)
  const all = [...scanned.findings, ...findings]
  if (isObject(value)) return { path, text, value, findings: all, refusedPaths }
  if (value === null && all.length === 0) return refuse(path, text, [EMPTY])
  const [start, end] = contents.range
  return refuse(path, text, [...all, { ...NOT_A_MAPPING, start, end }])
}

const refuse = (path: string, text: string, findings: readonly Finding[]): ParsedSpec => ({
  path,
  text,
  findings,
  refusedPaths: [],
})

const isObject = (value: JsonValue): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** The text without a byte order mark, which some editors write and none show; undefined when it is not UTF-8. */
const decodeUtf8 = (bytes: Uint8Array): string | undefined => {
  try {
    return utf8.decode(bytes)
  } catch {
    return undefined
  }
}

const refuseEncoding = (path: string, bytes: Uint8Array): ParsedSpec => {
  const text = new TextDecoder('utf-8').decode(bytes)
  const start = Math.max(0, text.indexOf('\ufffd'))
  return refuse(path, text, [{ ...NOT_UTF8, start, end: start + 1 }])
}

const describeInvisible = (text: string): readonly Finding[] =>
  findInvisible(text).map(({ offset, name }) => ({
    code: 'spec/control-character',
    detail: `${name} stands here; nobody can see it, and it can make the file look different from what it says.`,
    hint: 'delete the character',
    start: offset,
    end: offset + 1,
  }))

const refuseSecond = (start: number): Finding => ({
  code: 'spec/multiple-documents',
  detail: 'A second document starts here.',
  hint: 'write one file for each audience',
  start,
  end: start + '---'.length,
})

const TOO_LARGE: Finding = {
  code: 'spec/too-large',
  detail: `It has more than ${MAX_SPEC_BYTES / 1024} KiB and was not read.`,
  hint: 'a spec is a page long: check what this file is',
  start: 0,
  end: 0,
}

const EMPTY: Finding = {
  code: 'spec/empty',
  detail: 'There is no key in it.',
  hint: 'fill the file, or delete it',
  start: 0,
  end: 0,
}

const NOT_UTF8: Omit<Finding, 'start' | 'end'> = {
  code: 'spec/encoding',
  detail: 'The bytes from here on are not UTF-8.',
  hint: 'save the file as UTF-8',
}

const NOT_A_MAPPING: Omit<Finding, 'start' | 'end'> = {
  code: 'spec/not-a-mapping',
  detail: 'A spec starts with keys, such as "id: cart-abandon".',
  hint: 'compare with another file of this folder',
}
