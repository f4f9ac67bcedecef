import type { Github } from './client.ts'
import { asking } from './github-failure.ts'

/** Lines of the files that a pull request changed or added, as they are after it. */
export type ChangedLines = ReadonlyMap<string, ReadonlySet<number>>

/** What GitHub shows of a pull request's files: the first 3,000, and no patch of a large one. */
export const readChangedLines = (github: Github, pull_number: number): Promise<ChangedLines> =>
  asking(`read the files of #${pull_number}`, async () => {
    const { octokit, at } = github
    const files = await octokit.paginate(octokit.rest.pulls.listFiles, { ...at, pull_number, per_page: 100 })
    return new Map(files.map(({ filename, patch }) => [filename, readPatch(patch ?? '')]))
  })

const HUNK = /^@@ -\d+(?:,\d+)? \+(\d+)(?:,\d+)? @@/

/** The lines that a patch adds, by their number afterwards. */
export const readPatch = (patch: string): ReadonlySet<number> => {
  const added = new Set<number>()
  let line = 0
  for (const text of patch.split('\n')) {
    const begins = HUNK.exec(text)
    if (begins) {
      line = Number(begins[1])
      continue
    }
    if (text.startsWith('+')) added.add(line)
    if (!text.startsWith('-') && !text.startsWith('\\')) line += 1
  }
  return added
}
