import type { RunHead } from '../github/pulls.ts'
import { fail } from '../model/failure.ts'

/** What started the workflow, as far as the action cares. */
export type WorkflowEvent =
  | {
      readonly kind: 'pull-request'
      readonly number: number
      readonly headSha: string
      readonly isTrusted: boolean
    }
  | { readonly kind: 'merge-group'; readonly headSha: string; readonly number?: number }
  | { readonly kind: 'push'; readonly before: string; readonly after: string; readonly branch: string }
  | { readonly kind: 'run-ended'; readonly run: EndedRun }
  /** Started by hand or by the clock. */
  | {
      readonly kind: 'called'
      readonly sha: string
      readonly branch: string
      readonly isOfDefaultBranch: boolean
    }

/** A run of another workflow that ended, as GitHub tells of it. */
export interface EndedRun {
  readonly id: number
  readonly url: string
  readonly event: string
  readonly conclusion: string
  readonly head: RunHead
  /** The run was of a branch of this repository. What a run of a fork leaves behind is hostile. */
  readonly isOurs: boolean
}

/** GitHub gives no secrets to runs that these started. */
const WITHOUT_SECRETS = new Set(['dependabot[bot]'])

/** A JSON value whose keys are all still to be checked. */
type Wire = Readonly<Record<string, unknown>>

/** The event that GitHub wrote down for the run. It is GitHub's word; the names in it are anybody's. */
export const readEvent = (name: string, payload: unknown, sha: string, ref: string): WorkflowEvent => {
  switch (name) {
    case 'pull_request':
      return readPullRequest(payload)
    case 'merge_group':
      return readMergeGroup(payload)
    case 'push':
      return {
        kind: 'push',
        before: textAt(payload, 'before'),
        after: textAt(payload, 'after'),
        branch: branchOf(textAt(payload, 'ref')),
      }
    case 'workflow_run':
      return { kind: 'run-ended', run: readRun(payload) }
    case 'pull_request_target':
      return fail({
        origin: 'config',
        code: 'action/unsafe-event',
        detail: 'pull_request_target gives secrets to whatever a pull request holds.',
        hint: 'plan on pull_request, and publish on workflow_run',
        retryable: false,
      })
    default:
      return {
        kind: 'called',
        sha,
        branch: branchOf(ref),
        isOfDefaultBranch: branchOf(ref) === valueAt(payload, 'repository', 'default_branch'),
      }
  }
}

const readPullRequest = (payload: unknown): WorkflowEvent => ({
  kind: 'pull-request',
  number: numberAt(payload, 'pull_request', 'number'),
  headSha: textAt(payload, 'pull_request', 'head', 'sha'),
  isTrusted:
    valueAt(payload, 'pull_request', 'head', 'repo', 'id') === numberAt(payload, 'repository', 'id') &&
    !WITHOUT_SECRETS.has(String(valueAt(payload, 'sender', 'login'))),
})

/** `refs/heads/gh-readonly-queue/main/pr-12-<commit>`: GitHub makes the name, so the number is its word. */
const QUEUE = /^refs\/heads\/gh-readonly-queue\/.+\/pr-(\d+)-[0-9a-f]{40}$/

const readMergeGroup = (payload: unknown): WorkflowEvent => {
  const number = QUEUE.exec(textAt(payload, 'merge_group', 'head_ref'))?.[1]
  return {
    kind: 'merge-group',
    headSha: textAt(payload, 'merge_group', 'head_sha'),
    ...(number === undefined ? {} : { number: Number(number) }),
  }
}

const readRun = (payload: unknown): EndedRun => ({
  id: numberAt(payload, 'workflow_run', 'id'),
  url: textAt(payload, 'workflow_run', 'html_url'),
  event: textAt(payload, 'workflow_run', 'event'),
  conclusion: String(valueAt(payload, 'workflow_run', 'conclusion')),
  head: {
    sha: textAt(payload, 'workflow_run', 'head_sha'),
    branch: textAt(payload, 'workflow_run', 'head_branch'),
    repositoryId: numberAt(payload, 'workflow_run', 'head_repository', 'id'),
    owner: textAt(payload, 'workflow_run', 'head_repository', 'owner', 'login'),
  },
  isOurs:
    numberAt(payload, 'workflow_run', 'head_repository', 'id') === numberAt(payload, 'repository', 'id'),
})

const branchOf = (ref: string): string => ref.replace(/^refs\/heads\//, '')

const isWire = (value: unknown): value is Wire => typeof value === 'object' && value !== null

const valueAt = (payload: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((value, key) => (isWire(value) ? value[key] : undefined), payload)

const textAt = (payload: unknown, ...path: readonly string[]): string => {
  const value = valueAt(payload, ...path)
  return typeof value === 'string' ? value : missing(path)
}

const numberAt = (payload: unknown, ...path: readonly string[]): number => {
  const value = valueAt(payload, ...path)
  return typeof value === 'number' ? value : missing(path)
}

const missing = (path: readonly string[]): never =>
  fail({
    origin: 'github',
    code: 'action/unexpected-event',
    detail: `The event has no "${path.join('.')}".`,
    hint: 'start the action by an event that its documentation names',
    retryable: false,
  })
