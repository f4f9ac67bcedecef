import { hostname, userInfo } from 'node:os'
import type { CliContext } from './context.ts'

type Variables = CliContext['variables']

/** Who runs this: on GitHub the person who started the workflow, with the run's page; elsewhere the machine's user. */
export const describeHolder = (variables: Variables): CliContext['holder'] => {
  const { GITHUB_ACTOR, GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID } = variables
  if (variables.GITHUB_ACTIONS !== 'true') return { owner: `${nameUser()}@${hostname()}` }
  const owner = `${GITHUB_ACTOR ?? 'unknown'}@${GITHUB_REPOSITORY ?? 'github'}`
  if (!GITHUB_SERVER_URL || !GITHUB_REPOSITORY || !GITHUB_RUN_ID) return { owner }
  return { owner, runUrl: `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}` }
}

/** A container may run under a number that has no name. */
const nameUser = (): string => {
  try {
    return userInfo().username
  } catch {
    return 'unknown'
  }
}
