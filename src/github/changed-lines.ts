import type { Github } from './client.ts'
import { asking } from './github-failure.ts'

/** Lines of the files that a pull request changed or added, as they are after it. A file that it moved stands under both paths. */
export type ChangedLines = ReadonlyMap<string, ReadonlySet<number>>

/** GitHub lists as many files of a pull request, and does not say when there are more. */
const MOST_FILES = 3_000

/** What GitHub shows of a pull request's files; no patch of a large one. Undefined: there may be more than it lists. */
export const readChangedLines = (github: Github, pull_number: number): Promise<ChangedLines | undefined> =>
  asking(`read the files of #${pull_number}`, async () => {
    const { octokit, at } = github
    const files = await octokit.paginate(octokit.rest.pulls.listFiles, { ...at, pull_number, per_page: 100 })
    if (files.length >= MOST_FILES) return undefined
    return new Map([
      ...files.flatMap(({ previous_filename: earlier }) =>
        earlier === undefined ? [] : [[earlier, new Set<number>()] as const],
      ),
      ...files.map(({ filename, patch }) => [filename, readPatch(patch ?? '')] as const),
    ])
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
