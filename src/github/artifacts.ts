import { fail } from '../model/failure.ts'
import type { Github } from './client.ts'
import { asking } from './github-failure.ts'
import { hostileArtifact, unzip, type WantedFile } from './unzip.ts'

/** The largest archive that is fetched: a plan of 10,000 changes packs to less than 1 MB. */
const MOST_PACKED_BYTES = 10 * 1024 * 1024

/**
 * Files of the newest artifact of this name that a run left behind. Undefined: there is none. Nothing reaches a disk, and
 * what is larger than agreed is refused before it is fetched.
 */
export const readArtifact = async (
  github: Github,
  run: { readonly id: number; readonly artifact: string },
  wanted: readonly WantedFile[],
): Promise<ReadonlyMap<string, Buffer> | undefined> => {
  const found = await asking('list what the run left behind', () => findArtifact(github, run))
  if (!found) return undefined
  if (found.size_in_bytes > MOST_PACKED_BYTES) return fail(hostileArtifact('it is too large'))
  const archive = await asking('fetch what the run left behind', async () => {
    const { octokit, at } = github
    const { data } = await octokit.rest.actions.downloadArtifact({
      ...at,
      artifact_id: found.id,
      archive_format: 'zip',
    })
    // The description knows no body here; octokit gives the bytes of what is no text.
    return data instanceof ArrayBuffer ? Buffer.from(data) : fail(hostileArtifact('it is no archive'))
  })
  if (archive.length > MOST_PACKED_BYTES) return fail(hostileArtifact('it is too large'))
  return unzip(archive, wanted)
}

const findArtifact = async (
  { octokit, at }: Github,
  { id, artifact }: { readonly id: number; readonly artifact: string },
) => {
  const { data } = await octokit.rest.actions.listWorkflowRunArtifacts({
    ...at,
    run_id: id,
    name: artifact,
    per_page: 100,
  })
  return data.artifacts
    .filter(({ name, expired }) => name === artifact && !expired)
    .sort((a, b) => b.id - a.id)[0]
}
