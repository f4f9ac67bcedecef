import { fill, type Given, isTooLong, notFound, type Route } from './routes.ts'
import type { EmulatedCheck, GithubState } from './state.ts'

const CHECKS = '/repos/{owner}/{repo}/check-runs'
const OF_COMMIT = '/repos/{owner}/{repo}/commits/{ref}/check-runs'
const APP = 'github-actions'
const MOST_SUMMARY = 65_535

type Shown = Readonly<Record<string, unknown>>

const showCheck = (check: EmulatedCheck): Shown => {
  const example = fill({ method: 'PATCH', path: `${CHECKS}/{check_run_id}` }, 200, {})
  return {
    ...example,
    id: check.id,
    name: check.name,
    head_sha: check.headSha,
    status: 'completed',
    conclusion: check.conclusion,
    external_id: check.externalId,
    details_url: check.detailsUrl,
    app: { ...(example.app as Shown), slug: check.app },
    output: { ...(example.output as Shown), title: check.title, summary: check.summary },
  }
}

const readOutput = (body: Shown): { readonly title: string; readonly summary: string } =>
  body.output as { title: string; summary: string }

const list = (state: GithubState, { params, query }: Given) => {
  const found = state.checks.filter(
    ({ headSha, name }) => headSha === params.ref && (query.check_name ?? name) === name,
  )
  return { status: 200, body: { total_count: found.length, check_runs: found.map(showCheck) } }
}

export const routeChecks: readonly Route[] = [
  { method: 'GET', path: OF_COMMIT, handler: list },
  {
    method: 'POST',
    path: CHECKS,
    handler: (state, { body }) => {
      if (isTooLong(readOutput(body).summary, MOST_SUMMARY))
        return { status: 422, body: { message: 'Invalid request.' } }
      const check: EmulatedCheck = {
        id: state.nextId++,
        app: APP,
        headSha: String(body.head_sha),
        name: String(body.name),
        conclusion: String(body.conclusion),
        externalId: String(body.external_id ?? ''),
        detailsUrl: String(body.details_url ?? ''),
        ...readOutput(body),
      }
      state.checks.push(check)
      return { status: 201, body: showCheck(check) }
    },
  },
  {
    method: 'PATCH',
    path: `${CHECKS}/{check_run_id}`,
    handler: (state, { params, body }) => {
      const check = state.checks.find(({ id, app }) => String(id) === params.check_run_id && app === APP)
      if (!check) return notFound
      Object.assign(check, {
        conclusion: String(body.conclusion),
        externalId: String(body.external_id ?? check.externalId),
        ...readOutput(body),
      })
      return { status: 200, body: showCheck(check) }
    },
  },
]
