import { showInvisible } from '../spec/visible-text.ts'

/** One line that the runner acts on. What it quotes cannot end it, nor begin another. */
export const workflowCommand = (
  name: string,
  properties: Readonly<Record<string, string>>,
  message: string,
): string => {
  const listed = Object.entries(properties)
    .map(([key, value]) => `${key}=${escapeProperty(value)}`)
    .join(',')
  return `::${name}${listed === '' ? '' : ` ${listed}`}::${escapeMessage(message)}`
}

/** Invisible characters are shown by their number, as everywhere; line ends survive as escapes. */
const escapeMessage = (text: string): string =>
  text
    .split(/\r?\n/)
    .map(line => showInvisible(line).toWellFormed().replaceAll('%', '%25').replaceAll('\r', '%0D'))
    .join('%0A')

const escapeProperty = (text: string): string =>
  escapeMessage(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
