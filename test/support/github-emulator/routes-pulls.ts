import { aUser, fill, type Given, notFound, page, type Route } from './routes.ts'
import type { EmulatedPull, GithubState } from './state.ts'

const PULLS = '/repos/{owner}/{repo}/pulls'

type Shown = Readonly<Record<string, unknown>>

const showPull = (pull: EmulatedPull, path: string): Shown => {
  const example = fill({ method: 'GET', path }, 200, {})
  // Both ends of the example are of the same form.
  const { head, base } = example as { readonly head: Shown; readonly base: Shown }
  const repository = (id: number): Shown => ({ ...(base.repo as Shown), id })
  return {
    ...example,
    number: pull.number,
    title: pull.title,
    // The published example is older than the description.
    requested_teams: [],
    state: pull.state,
    user: aUser(pull.headOwner),
    merged_at: pull.mergeSha === undefined ? null : '2026-11-25T10:00:00Z',
    head: { ...head, sha: pull.headSha, ref: pull.headBranch, repo: repository(pull.headRepository) },
    base: { ...base, ref: pull.base, repo: repository(1) },
  }
}

const listPulls = (state: GithubState, given: Given) => {
  const { head, base, state: is = 'open' } = given.query
  return page(
    state.pulls
      .filter(
        pull =>
          (head === undefined || head === `${pull.headOwner}:${pull.headBranch}`) &&
          (base === undefined || base === pull.base) &&
          [pull.state, 'all'].includes(is),
      )
      .map(pull => showPull(pull, PULLS)),
    given,
  )
}

export const routePulls: readonly Route[] = [
  { method: 'GET', path: PULLS, handler: listPulls },
  {
    method: 'GET',
    path: `${PULLS}/{pull_number}`,
    handler: (state, { params }) => {
      const pull = state.pulls.find(({ number }) => String(number) === params.pull_number)
      return pull ? { status: 200, body: showPull(pull, `${PULLS}/{pull_number}`) } : notFound
    },
  },
  {
    method: 'GET',
    path: `${PULLS}/{pull_number}/files`,
    handler: (state, given) => {
      const pull = state.pulls.find(({ number }) => String(number) === given.params.pull_number)
      if (!pull) return notFound
      const route = { method: 'GET', path: `${PULLS}/{pull_number}/files` }
      return page(
        pull.files.map(file => fill(route, 200, { ...file })),
        given,
      )
    },
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/commits/{commit_sha}/pulls',
    handler: (state, given) =>
      page(
        state.pulls
          .filter(({ mergeSha, headSha }) => [mergeSha, headSha].includes(given.params.commit_sha))
          .map(pull => showPull(pull, PULLS)),
        given,
      ),
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/compare/{basehead}',
    handler: (state, { params }) => {
      const route = { method: 'GET', path: '/repos/{owner}/{repo}/compare/{basehead}' }
      const example = fill(route, 200, {})
      const [commit] = example.commits as readonly Shown[]
      const basehead = params.basehead ?? ''
      const commits = state.comparisons.get(basehead) ?? []
      const later = state.laterFiles.get(basehead) ?? []
      const [shown] = example.files as readonly Shown[]
      return {
        status: 200,
        body: {
          ...example,
          status: commits.length + later.length > 0 ? 'ahead' : 'identical',
          commits: commits.map(sha => ({ ...commit, sha })),
          files: later.map(file => ({ ...shown, ...file })),
        },
      }
    },
  },
]
