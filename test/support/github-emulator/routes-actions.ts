import { fill, notFound, type Route } from './routes.ts'

const ARTIFACTS = '/repos/{owner}/{repo}/actions/runs/{run_id}/artifacts'
const ARCHIVE = '/repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}'

type Shown = Readonly<Record<string, unknown>>

/** What runs leave behind. An archive is fetched from another address, as on GitHub. */
export const routeActions: readonly Route[] = [
  {
    method: 'GET',
    path: ARTIFACTS,
    handler: (state, { params, query }) => {
      const [example] = fill({ method: 'GET', path: ARTIFACTS }, 200, {}).artifacts as readonly Shown[]
      const artifacts = state.artifacts
        .filter(({ runId, name }) => String(runId) === params.run_id && (query.name ?? name) === name)
        .map(({ id, name, archive, statedBytes = archive.length }) => ({
          ...example,
          id,
          name,
          expired: false,
          size_in_bytes: statedBytes,
        }))
      return { status: 200, body: { total_count: artifacts.length, artifacts } }
    },
  },
  {
    method: 'GET',
    path: ARCHIVE,
    handler: (state, { params, url }) =>
      state.artifacts.some(({ id }) => String(id) === params.artifact_id)
        ? { status: 302, headers: { location: new URL(`/_archives/${params.artifact_id}`, url).href } }
        : notFound,
  },
  {
    method: 'GET',
    path: '/_archives/{id}',
    handler: (state, { params }) => {
      const found = state.artifacts.find(({ id }) => String(id) === params.id)
      return found ? { status: 200, bytes: found.archive } : notFound
    },
  },
]
