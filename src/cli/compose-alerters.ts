import type { Alerter } from '../ports.ts'
import { requireVariable } from './compose-reader.ts'
import type { CliContext } from './context.ts'
import type { LoadedWorkspace } from './workspace.ts'

/** Whoever the workspace says should hear of trouble. What they need is missing now or never: not when it burns. */
export const composeAlerters = async (
  loaded: LoadedWorkspace,
  context: CliContext,
): Promise<readonly Alerter[]> => {
  const { githubIssue, webhookEnv } = loaded.workspace.alerts
  return [
    ...(githubIssue ? [await composeIssue(context)] : []),
    ...(webhookEnv === undefined ? [] : [await composeWebhook(webhookEnv, context)]),
  ]
}

const composeWebhook = async (variable: string, context: CliContext): Promise<Alerter> => {
  const { createWebhook } = await import('../alert/webhook.ts')
  const url = requireVariable(variable, 'the address of the webhook', context)
  const { version, clock, signal } = context
  return createWebhook({ url, variable, version, clock, signal })
}

/** A workflow sets all of these by itself but the token. */
const composeIssue = async (context: CliContext): Promise<Alerter> => {
  const token = requireVariable('GITHUB_TOKEN', 'a token that may write issues', context)
  const repository = requireVariable('GITHUB_REPOSITORY', 'owner/name of the repository', context)
  const { createGithub, WORKFLOW_AUTHOR } = await import('../github/client.ts')
  const { createAlertIssue } = await import('../github/alert-issue.ts')
  const { variables, version, warn, holder } = context
  const github = createGithub({
    apiUrl: variables.GITHUB_API_URL ?? 'https://api.github.com',
    token,
    repository,
    author: variables.MUSTER_GITHUB_AUTHOR ?? WORKFLOW_AUTHOR,
    version,
    warn,
    isHurried: variables.MUSTER_GITHUB_HURRIED === 'true',
  })
  return createAlertIssue({ github, ...(holder.runUrl === undefined ? {} : { runUrl: holder.runUrl }) })
}
