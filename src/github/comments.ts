import type { Github } from './client.ts'
import { asking, isPassing, statusOf } from './github-failure.ts'

/** How large a comment may be, tried one after the other when GitHub says that one is too large. */
const SIZES_BYTES = [60_000, 30_000, 12_000, 4_000]
const ATTEMPTS = 3

export interface CommentWanted {
  /** Of the pull request or issue. */
  readonly number: number
  /** First line, by which the comment is found again. */
  readonly marker: string
  /** The comment within so many bytes, marker and all. `found` is what it says now. Undefined: leave it as it is. */
  render(maxBytes: number, found: string | undefined): string | undefined
}

/** What became of it. `none`: there was nothing to say, and no comment. */
export interface CommentKept {
  readonly kind: 'posted' | 'updated' | 'unchanged' | 'none'
  readonly url?: string
}

/**
 * Keeps one comment of a pull request, found by its marker and its author: somebody else's comment with our marker is
 * left alone. Updated in place; saying the same again makes no call that writes.
 */
export const keepComment = async (github: Github, wanted: CommentWanted): Promise<CommentKept> => {
  for (let attempt = 1, size = 0; ; ) {
    try {
      return await keepOnce(github, wanted, SIZES_BYTES[size] ?? 0)
    } catch (error) {
      if (statusOf(error) === 422 && size + 1 < SIZES_BYTES.length) {
        size += 1
        continue
      }
      // It may have taken effect without an answer: it is looked for again before another one is posted.
      if (attempt === ATTEMPTS || !isPassing(error))
        return asking(`comment on #${wanted.number}`, () => Promise.reject(error))
      attempt += 1
    }
  }
}

const keepOnce = async (
  github: Github,
  { number, marker, render }: CommentWanted,
  maxBytes: number,
): Promise<CommentKept> => {
  const { octokit, at } = github
  const found = await findComment(github, number, marker)
  const body = render(maxBytes, found?.body)
  if (body === undefined) return found ? { kind: 'unchanged', url: found.url } : { kind: 'none' }
  if (!found) {
    const { data } = await octokit.rest.issues.createComment({
      ...at,
      issue_number: number,
      body,
      request: { retries: 0 },
    })
    return { kind: 'posted', url: data.html_url }
  }
  if (sameText(found.body, body)) return { kind: 'unchanged', url: found.url }
  await octokit.rest.issues.updateComment({ ...at, comment_id: found.id, body })
  return { kind: 'updated', url: found.url }
}

/** GitHub gives line ends back as it likes. */
const sameText = (found: string, wanted: string): boolean =>
  found.replaceAll('\r\n', '\n').trimEnd() === wanted.trimEnd()

interface FoundComment {
  readonly id: number
  readonly url: string
  readonly body: string
}

/** Ours with this marker. Of several, the oldest: it is where people saw it first. */
export const findComment = async (
  { octokit, at, author }: Github,
  issue_number: number,
  marker: string,
): Promise<FoundComment | undefined> => {
  const pages = octokit.paginate.iterator(octokit.rest.issues.listComments, {
    ...at,
    issue_number,
    per_page: 100,
  })
  for await (const { data } of pages) {
    const found = data.find(
      ({ user, body }) => user?.login === author && body?.split(/\r?\n/, 1)[0] === marker,
    )
    if (found) return { id: found.id, url: found.html_url, body: found.body ?? '' }
  }
  return undefined
}
