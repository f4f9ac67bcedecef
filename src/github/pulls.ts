import type { Github } from './client.ts'
import { asking, statusOf } from './github-failure.ts'

export interface Pull {
  readonly number: number
  readonly headSha: string
  /** Branch that it is to be merged into. */
  readonly base: string
  /** From another repository: whoever opened it need not be trusted with anything. */
  readonly isFork: boolean
}

/** Where a run of a workflow says that its commit is from. */
export interface RunHead {
  readonly sha: string
  readonly branch: string
  readonly repositoryId: number
  readonly owner: string
}

/**
 * The open pull requests whose head is exactly this commit: one, or one for each branch that it is to be merged into. Their
 * numbers are taken from nothing that the run produced. None, when the branch has moved on since: that commit's own run
 * has the say.
 */
export const findPullsOfHead = (github: Github, head: RunHead): Promise<readonly Pull[]> =>
  asking('find the pull request of a run', async () => {
    const { octokit, at } = github
    const pulls = await octokit.paginate(octokit.rest.pulls.list, {
      ...at,
      state: 'open',
      head: `${head.owner}:${head.branch}`,
      per_page: 100,
    })
    return pulls
      .filter(pull => pull.head.sha === head.sha && pull.head.repo?.id === head.repositoryId)
      .map(describePull)
  })

/** A pull request by number. */
export const readPull = (github: Github, pull_number: number): Promise<Pull> =>
  asking(`read #${pull_number}`, async () =>
    describePull((await github.octokit.rest.pulls.get({ ...github.at, pull_number })).data),
  )

/** The open pull requests that are to be merged into a branch. */
export const listOpenPulls = (github: Github, base: string): Promise<readonly Pull[]> =>
  asking('list the open pull requests', async () => {
    const { octokit, at } = github
    const pulls = await octokit.paginate(octokit.rest.pulls.list, {
      ...at,
      state: 'open',
      base,
      per_page: 100,
    })
    return pulls.map(describePull)
  })

/** Commits of one push that are asked for their pull requests. A push of more is not of a merge. */
const MOST_COMMITS = 30

export interface Push {
  readonly before: string
  readonly after: string
  readonly branch: string
}

/**
 * The pull requests that a push merged, that of its last commit first. A commit is known to belong to one by GitHub's
 * word alone, not by what its message says.
 */
export const findMergedPulls = (github: Github, push: Push): Promise<readonly Pull[]> =>
  asking('find the pull requests that were merged', async () => {
    const commits = [push.after, ...(await listCommits(github, push)).filter(sha => sha !== push.after)]
    const found = new Map<number, Pull>()
    for (const sha of commits.slice(0, MOST_COMMITS)) {
      for (const pull of await listPullsOf(github, sha, push.branch)) {
        if (!found.has(pull.number)) found.set(pull.number, pull)
      }
    }
    return [...found.values()]
  })

const listPullsOf = async ({ octokit, at }: Github, commit_sha: string, branch: string) => {
  const { data } = await octokit.rest.repos.listPullRequestsAssociatedWithCommit({
    ...at,
    commit_sha,
    per_page: 100,
  })
  return data.filter(({ merged_at, base }) => merged_at !== null && base.ref === branch).map(describePull)
}

const NO_COMMIT = /^0+$/

const listCommits = async ({ octokit, at }: Github, { before, after }: Push): Promise<readonly string[]> => {
  if (NO_COMMIT.test(before)) return []
  try {
    const { data } = await octokit.rest.repos.compareCommitsWithBasehead({
      ...at,
      basehead: `${before}...${after}`,
      per_page: MOST_COMMITS,
    })
    return data.commits.map(({ sha }) => sha).reverse()
  } catch (error) {
    // Somebody rewrote the branch: what was there before is gone, and the last commit stands for itself.
    if (statusOf(error) === 404) return []
    throw error
  }
}

interface ListedPull {
  readonly number: number
  readonly head: { readonly sha: string; readonly repo: { readonly id: number } | null }
  readonly base: { readonly ref: string; readonly repo: { readonly id: number } }
}

const describePull = ({ number, head, base }: ListedPull): Pull => ({
  number,
  headSha: head.sha,
  base: base.ref,
  isFork: head.repo?.id !== base.repo.id,
})
