import type { Github } from './client.ts'
import { asking } from './github-failure.ts'

/** A check run on one commit. Its external id is the digest of the plan that a reviewer sees. */
export interface CheckWanted {
  readonly name: string
  readonly headSha: string
  readonly conclusion: 'success' | 'failure' | 'neutral' | 'action_required'
  readonly title: string
  /** Markdown, within what GitHub holds: 65,535 characters. */
  readonly summary: string
  readonly detailsUrl?: string
  /** Absent: nothing that anybody could rely on. */
  readonly digest?: string
  /** It speaks of a fork's run. One of our own on the same commit stays as it is: anybody may open a pull request of our commit. */
  readonly isOfFork?: boolean
}

/** A check run of ours that was found. */
export interface CheckFound {
  readonly id: number
  readonly conclusion: string | null
  readonly digest?: string
  /** The run whose plan it speaks of, and which left that plan behind. */
  readonly runId?: number
  readonly isOfFork: boolean
}

/** Name of the check that carries what was reviewed. */
export const planCheckName = (environment: string): string => `muster plan (${environment})`

/** Name of the check that carries what is left after an apply that did not get to its end. */
export const applyCheckName = (environment: string): string => `muster apply (${environment})`

/** Stands in place of a digest in what a fork's run is told by. */
const FORK = 'fork'

const DIGEST = /^sha256:[0-9a-f]{64}$/

const RUN = /\/actions\/runs\/(\d{1,15})$/

/** Titles are one line of plain text. */
const LONGEST_TITLE = 200

/** Makes the check, or brings the one that the commit has up to date. */
export const keepCheck = (github: Github, wanted: CheckWanted): Promise<void> =>
  asking(`write the check "${wanted.name}"`, async () => {
    const { octokit, at } = github
    const found = await findOnce(github, wanted)
    if (wanted.isOfFork && found && !found.isOfFork) return
    const check = {
      ...at,
      name: wanted.name,
      status: 'completed' as const,
      conclusion: wanted.conclusion,
      // An empty one takes away what an earlier run vouched for.
      external_id: wanted.isOfFork ? FORK : (wanted.digest ?? ''),
      output: { title: wanted.title.slice(0, LONGEST_TITLE), summary: wanted.summary },
      ...(wanted.detailsUrl === undefined ? {} : { details_url: wanted.detailsUrl }),
    }
    if (found) await octokit.rest.checks.update({ ...check, check_run_id: found.id })
    else await octokit.rest.checks.create({ ...check, head_sha: wanted.headSha })
  })

/** The check of this name on a commit. Checks of another app are not looked at: anybody may name theirs as they like. */
export const findCheck = (
  github: Github,
  wanted: Pick<CheckWanted, 'name' | 'headSha'>,
): Promise<CheckFound | undefined> =>
  asking(`read the check "${wanted.name}"`, () => findOnce(github, wanted))

const findOnce = async (
  { octokit, at, author }: Github,
  { name, headSha }: Pick<CheckWanted, 'name' | 'headSha'>,
): Promise<CheckFound | undefined> => {
  const { data } = await octokit.rest.checks.listForRef({
    ...at,
    ref: headSha,
    check_name: name,
    filter: 'latest',
    per_page: 100,
  })
  const ours = data.check_runs.filter(
    ({ app, head_sha }) => `${app?.slug}[bot]` === author && head_sha === headSha,
  )
  const newest = ours.sort((a, b) => b.id - a.id)[0]
  if (!newest) return undefined
  const { id, conclusion, external_id, details_url } = newest
  const runId = RUN.exec(details_url ?? '')?.[1]
  return {
    id,
    conclusion,
    isOfFork: external_id === FORK,
    ...(DIGEST.test(external_id ?? '') ? { digest: external_id ?? '' } : {}),
    ...(runId === undefined ? {} : { runId: Number(runId) }),
  }
}
