import type { Diagnostic } from '../model/diagnostic.ts'
import type { Environment, Workspace } from '../model/workspace.ts'
import { describeMistake } from './codes.ts'
import { joinWords, suggestWord } from './nearest-word.ts'
import { quoteText } from './visible-text.ts'

/** The environment that `--env` names, or why there is none by that name. */
export const chooseEnvironment = (workspace: Workspace, name: string): Environment | Diagnostic => {
  const environment = workspace.environments.get(name)
  if (environment) return environment
  const names = Array.from(workspace.environments.keys())
  return describeMistake('spec/unknown-environment', {
    detail: `${quoteText(name)} is not among the environments of the workspace.`,
    hint: suggestWord(name, names, `use --env ${joinWords(names, 'or')}`),
  })
}
