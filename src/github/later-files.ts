import type { Github } from './client.ts'
import { asking, statusOf } from './github-failure.ts'

/** GitHub lists as many files of a comparison, and does not say when there are more. */
const MOST_FILES = 300

/**
 * The files that a branch has changed since a commit of its own. Undefined when that cannot be told: the commit is not
 * of the branch any more, or more was changed than GitHub lists.
 */
export const readLaterFiles = (
  github: Github,
  { after, branch }: { readonly after: string; readonly branch: string },
): Promise<readonly string[] | undefined> =>
  asking('compare the branch with what was pushed', async () => {
    const { octokit, at } = github
    try {
      const { data } = await octokit.rest.repos.compareCommitsWithBasehead({
        ...at,
        basehead: `${after}...${branch}`,
        // The files come whole with the first page; of the commits none is needed.
        per_page: 1,
      })
      if (data.status === 'identical') return []
      const files = data.files ?? []
      if (data.status !== 'ahead' || files.length >= MOST_FILES) return undefined
      return files.flatMap(({ filename, previous_filename: earlier }) =>
        earlier === undefined ? [filename] : [filename, earlier],
      )
    } catch (error) {
      if (statusOf(error) === 404) return undefined
      throw error
    }
  })
