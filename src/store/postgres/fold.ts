import { SPACES } from '../sql/spaces.ts'

const PAST_UNICODE = 0x110000
const PAST_ASCII = 0x80

/** Every letter beyond ASCII that is not small, and the small one. Where it has several signs, the first. */
const listLetters = (): { readonly large: string; readonly small: string } => {
  const pairs: [string, string][] = []
  for (let point = PAST_ASCII; point < PAST_UNICODE; point += 1) {
    const letter = String.fromCodePoint(point)
    const small = String.fromCodePoint(letter.toLowerCase().codePointAt(0) ?? point)
    if (small !== letter && letter.isWellFormed()) pairs.push([letter, small])
  }
  return { large: pairs.map(([large]) => large).join(''), small: pairs.map(([, small]) => small).join('') }
}

/**
 * Makes `fold(text)`: an identifier without outer spaces and with every letter made small by itself. Two that are the
 * same afterwards may be one to MoEngage. What the server itself takes for a small letter depends on how its database
 * was made, so the letters are written down. Not STRICT: the server then writes it out where it is called, which is ten
 * times as fast. What was folded stands in the ledger: another form of it needs a migration.
 */
export const writeFoldFunction = (): string => {
  const { large, small } = listLetters()
  return `
  CREATE FUNCTION fold(text) RETURNS text IMMUTABLE PARALLEL SAFE LANGUAGE sql AS $$
    SELECT CASE WHEN octet_length($1) = length($1) THEN lower(btrim($1, ' ') COLLATE "C")
      ELSE translate(lower(btrim($1, '${String.fromCodePoint(...SPACES)}') COLLATE "C"), '${large}', '${small}') END
  $$`
}
