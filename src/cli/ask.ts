import { FailureError } from '../model/failure.ts'
import type { CliContext } from './context.ts'

export interface Question {
  readonly question: string
  readonly yes: boolean
  readonly json: boolean
}

/** Whether a person says a literal yes, or said it beforehand. Where nobody can answer, nothing is done. */
export const askForYes = async (
  { question, yes, json }: Question,
  { confirm, warn }: CliContext,
): Promise<boolean> => {
  if (yes) return true
  if (!confirm || json) {
    throw new FailureError({
      origin: 'cli',
      code: 'cli/cannot-ask',
      detail: 'There is nobody to answer here.',
      hint: 'look at what it says, then run it with --yes',
      retryable: false,
    })
  }
  if (await confirm(`\n${question} Only "yes" is taken: `)) return true
  warn('Nothing was changed.\n')
  return false
}
