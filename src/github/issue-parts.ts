import { compareText } from '../model/diagnostic.ts'

/** What one speaker has to say in an issue that several share. */
export interface Part {
  readonly name: string
  readonly body: string
}

const BEGIN = /^<!-- muster:part ([a-z]+) -->$/

/** The parts of an issue of ours. Whatever they quote is inert, so no line but ours can begin one. */
export const readParts = (body: string): readonly Part[] => {
  const parts: { name: string; lines: string[] }[] = []
  for (const line of body.split(/\r?\n/)) {
    const name = BEGIN.exec(line)?.[1]
    if (name !== undefined) parts.push({ name, lines: [] })
    else parts.at(-1)?.lines.push(line)
  }
  return parts.map(({ name, lines }) => ({ name, body: lines.join('\n').trim() }))
}

/** The parts with one said anew, or gone, in the order of their names. */
export const replacePart = (
  parts: readonly Part[],
  name: string,
  body: string | undefined,
): readonly Part[] => {
  const others = parts.filter(part => part.name !== name)
  const said = body === undefined ? others : [...others, { name, body: body.trim() }]
  return said.sort((a, b) => compareText(a.name, b.name))
}

/** The body of an issue: its marker, then part after part. */
export const writeParts = (marker: string, parts: readonly Part[]): string =>
  [marker, ...parts.flatMap(({ name, body }) => [`<!-- muster:part ${name} -->`, body, ''])].join('\n')
