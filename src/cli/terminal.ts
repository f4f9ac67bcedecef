import { createInterface } from 'node:readline/promises'

/** Whether to colour: FORCE_COLOR and NO_COLOR decide, else whether the stream is a terminal. See no-color.org. */
export const showsColor = (
  stream: { readonly isTTY?: boolean },
  variables: Readonly<Record<string, string | undefined>>,
): boolean => {
  if (variables.NO_COLOR !== undefined && variables.NO_COLOR !== '') return false
  if (variables.FORCE_COLOR !== undefined && variables.FORCE_COLOR !== '0') return true
  return stream.isTTY === true && variables.TERM !== 'dumb'
}

/** Asks on the terminal. Only a literal "yes" is one; Ctrl-C and the end of input are a no. */
export const confirmOnTerminal = async (question: string): Promise<boolean> =>
  (await askOnTerminal(question)) === 'yes'

/** Asks on the terminal for a line, without the spaces around it. Ctrl-C and the end of input are an empty one. */
export const askOnTerminal = async (question: string): Promise<string> => {
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  try {
    const leaves = new Promise<string>(resolve => terminal.once('close', () => resolve('')))
    terminal.once('SIGINT', () => terminal.close())
    return (await Promise.race([terminal.question(question), leaves])).trim()
  } finally {
    terminal.close()
  }
}
