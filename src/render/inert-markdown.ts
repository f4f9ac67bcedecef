import { showInvisible } from '../spec/visible-text.ts'

/** Nothing breaks after it and nothing shows of it, but no mention, reference or link survives it. */
const BREAK = '&#8203;'

/**
 * Text from anywhere as a part of one line of Markdown: shown as it is, meaning nothing. Every character with a
 * meaning becomes an entity, because entities are never structure. Mentions, references to issues, emoji and links
 * are found in the text after that, so they are broken as well.
 */
export const inertText = (text: string): string => escapeText(text, startsReference)

/** The same, set as code. GitHub finds nothing in there but e-mail addresses: what is copied is what was meant. */
export const inertCode = (text: string): string => `<code>${escapeText(text, startsMail)}</code>`

type Judge = (character: string, before: string, after: string) => boolean

const escapeText = (text: string, isBroken: Judge): string =>
  showInvisible(text.replaceAll(/\s+/gu, ' '))
    .toWellFormed()
    .replaceAll(MEANING, (character, offset: number, whole: string) => {
      const before = whole.slice(Math.max(0, offset - LOOK), offset)
      const after = whole.slice(offset + 1, offset + 1 + LOOK)
      if (isPlain(character, before, after)) return character
      return `&#${character.charCodeAt(0)};${isBroken(character, before, after) ? BREAK : ''}`
    })

/** All of ASCII that Markdown, HTML or GitHub may read something into. */
const MEANING = /[!#$&()*+\-.:<=>@[\\\]^_`{|}~]/g

/** Characters around one that decide what it means. */
const LOOK = 10

const startsReference: Judge = character => '@#:.-'.includes(character)

/** Not the generation in an address such as `cohort.vip@g1`, which people copy. */
const startsMail: Judge = (character, _before, after) => character === '@' && !/^g\d+$/.test(after)

const isPlain: Judge = (character, before, after) => {
  switch (character) {
    case '!':
    case ':':
      return after === '' || after.startsWith(' ')
    case '(':
      // A bracket before it never stays plain, so this begins no link.
      return true
    case '.':
    case ')':
      // `1.` and `1)` begin lists, `www.` a link.
      return !/^\d*$/.test(before) && !/www$/i.test(before)
    case '-':
      // `GH-1` is a reference.
      return /[A-Za-z0-9]$/.test(before) && /^[A-Za-z0-9]/.test(after) && !/GH$/i.test(before)
    case '_':
      // Between letters and digits they emphasize nothing, however many there are.
      return /[A-Za-z0-9]_{0,3}$/.test(before) && /^_{0,3}[A-Za-z0-9]/.test(after)
    default:
      return false
  }
}

/** A fence longer than any run of backticks inside, so that no line can close it. */
export const fence = (language: string, lines: readonly string[]): readonly string[] => {
  const shown = lines.map(inertLine)
  const longest = Math.max(2, ...shown.flatMap(line => [...line.matchAll(/`+/g)].map(([run]) => run.length)))
  const ticks = '`'.repeat(longest + 1)
  return [`${ticks}${language}`, ...shown, ticks]
}

/**
 * A line inside a fence, where entities are not read: an angle bracket is replaced by a like one, so that no comment
 * in it can be taken for the marker of ours, and no mention is left for a reader of the raw text.
 */
const inertLine = (line: string): string =>
  showInvisible(line.replaceAll(/[\r\n]+/g, ' '))
    .toWellFormed()
    .replaceAll('<', '‹')
    .replaceAll('@', '@\u200b')
