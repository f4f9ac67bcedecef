import type { Audience } from '../model/audience.ts'
import type { Objection, Policy } from './policy.ts'

/** Fewer words than this are a title. */
const FEWEST_WORDS = 6

/** A description says who is in it and why they are worth a cohort; a colleague reads it without opening Customer.io. */
export const descriptionPolicy: Policy = {
  code: 'policy/description',
  summary: 'Description does not say who and why',
  recommendation: 'Describe in two thoughts who is in an audience and why it exists.',
  severity: 'warning',
  judges: 'specs',
  judge: ({ audiences }) =>
    audiences.flatMap(audience => {
      const detail = findFault(audience)
      return detail === undefined ? [] : [object(audience, detail)]
    }),
}

const findFault = ({ description, name, source }: Audience): string | undefined => {
  const words = splitWords(description)
  const known = new Set([...splitWords(name), ...splitWords(source.name)])
  if (words.every(word => known.has(word)))
    return 'It repeats the name and the segment, which everybody can read already.'
  if (words.length < FEWEST_WORDS)
    return `It has ${words.length} ${words.length === 1 ? 'word' : 'words'}: a title, not an answer.`
  if (hasTwoThoughts(description)) return undefined
  return 'It says who is in it, and not what for.'
}

/** `CartAbandon` is two words, `30d` is one. */
const splitWords = (text: string): readonly string[] =>
  text
    .replaceAll(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(word => word !== '')

/** A second sentence, a part after a colon, semicolon or dash, or a word that gives a reason. */
const hasTwoThoughts = (text: string): boolean =>
  /[.!?;:–—]\s+\S/.test(text) || /\b(?:because|so that|so they|unless|who (?:get|need))\b/i.test(text)

const object = ({ id }: Audience, detail: string): Objection => ({
  detail,
  hint: 'write two sentences: who they are, then what they get or are spared',
  audience: id,
  path: ['description'],
})
