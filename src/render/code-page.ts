import type { Paint } from './paint.ts'

/** What is written of one code: its summary, and its text as Markdown. */
export interface CodePage {
  readonly code: string
  readonly summary: string
  readonly text: string
}

/** Every code that a page explains: the page's own, or one a section. Headings are `# code: Summary`. */
export const readCodePages = (markdown: string): readonly CodePage[] => {
  const parts = markdown.split(/^(?=##? [a-z]+\/[a-z-]+: )/m)
  return parts.flatMap(part => {
    const heading = /^##? ([a-z]+\/[a-z-]+): (.+)\n/.exec(part)
    if (!heading?.[1] || !heading[2]) return []
    return [{ code: heading[1], summary: heading[2], text: part.slice(heading[0].length).trim() }]
  })
}

/** The page as a terminal shows it: headings bold, samples set in, links by their words. */
export const renderCodePage = ({ code, summary, text }: CodePage, paint: Paint): string => {
  let isSample = false
  const lines = text.split('\n').flatMap(line => {
    if (line.startsWith('```')) {
      isSample = !isSample
      return []
    }
    if (isSample) return [`    ${line}`.trimEnd()]
    if (line.startsWith('## ')) return [paint.bold(line.slice(3))]
    return [line.replaceAll(/\[([^\]]+)\]\([^)]+\)/g, '$1')]
  })
  return `${paint.bold(code)}  ${summary}\n\n${lines.join('\n')}\n`
}

/** The page for programs; ends with a newline. `text` is Markdown. Keys may be added, never renamed. */
export const writeCodePage = ({ code, summary, text }: CodePage): string =>
  `${JSON.stringify({ code, summary, text }, null, 2)}\n`
