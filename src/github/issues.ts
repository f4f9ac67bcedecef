import type { Github } from './client.ts'
import { asking, isPassing } from './github-failure.ts'
import { readParts, replacePart, writeParts } from './issue-parts.ts'

/** What an issue is about. Each environment has one issue of each. */
export type IssueTopic = 'alerts' | 'apply'

/** Who has something to say in an issue. */
export type IssuePart = 'apply' | 'drift' | 'monitor'

/** What an issue says. A body that changes is told to nobody: people hear of comments. */
export interface IssueText {
  readonly title: string
  /** Markdown, inert where it quotes. At most 60,000 bytes. */
  readonly body: string
  /** A comment for when the issue is opened again, or was open with parts of others alone. */
  readonly note?: string
  /** A comment for when this part was there already, and says something else now. */
  readonly news?: string
}

export interface IssueWanted {
  readonly topic: IssueTopic
  readonly environment: string
  /** Who speaks. Several share one issue: each replaces its own part, and the last one closes it. */
  readonly part?: IssuePart
  /** Absent: nothing is wrong any more here, and an issue without another part is closed. */
  readonly open?: IssueText
  /** A comment for when the issue is closed, or this part of it is gone. */
  readonly closing?: string
}

/** What became of it. `none`: nothing is wrong, and no issue was open. */
export interface IssueKept {
  readonly kind: 'opened' | 'reopened' | 'updated' | 'unchanged' | 'closed' | 'none'
  readonly number?: number
  readonly url?: string
}

/** The first line of an issue, by which it is found again. */
export const issueMarker = (topic: IssueTopic, environment: string): string =>
  `<!-- muster:${topic} env=${environment.replaceAll(/[^A-Za-z0-9_]+/g, '-')} -->`

const ATTEMPTS = 3

/**
 * Keeps the one issue of an environment: opens it, updates it in place, opens it again, closes it. Found by its marker
 * and its author, so that nobody else's issue is touched. Saying the same again makes no call that writes.
 */
export const keepIssue = async (github: Github, wanted: IssueWanted): Promise<IssueKept> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await keepOnce(github, wanted, attempt > 1)
    } catch (error) {
      // It may have taken effect without an answer: it is looked for again before another one is opened.
      if (attempt === ATTEMPTS || !isPassing(error))
        return asking('keep an issue', () => Promise.reject(error))
    }
  }
}

/** Comments before it changes: after a change nothing shows any more that somebody was to be told of it. */
const keepOnce = async (github: Github, wanted: IssueWanted, isAgain: boolean): Promise<IssueKept> => {
  const { topic, environment, part = 'monitor', open, closing } = wanted
  const found = await findIssue(github, issueMarker(topic, environment))
  if (!open && found?.state !== 'open') return { kind: 'none' }
  const said = found?.state === 'open' ? readParts(found.body ?? '') : []
  const parts = replacePart(said, part, open?.body)
  const body = writeParts(issueMarker(topic, environment), parts)
  if (!found) return open ? openIssue(github, open.title, body) : { kind: 'none' }
  const { number, html_url: url } = found
  if (parts.length === 0) {
    await tellUnder(github, { number, comment: closing, isAgain })
    await change(github, number, { state: 'closed', state_reason: 'completed' })
    return { kind: 'closed', number, url }
  }
  const title = open?.title ?? found.title
  if (found.state === 'open') {
    if (found.title === title && sameText(found.body, body)) return { kind: 'unchanged', number, url }
    const isJoining = said.every(({ name }) => name !== part)
    const news = open ? open.news : closing
    await tellUnder(github, { number, comment: isJoining ? open?.note : news, isAgain })
    await change(github, number, { title, body })
    return { kind: 'updated', number, url }
  }
  await tellUnder(github, { number, comment: open?.note, isAgain })
  await change(github, number, { title, body, state: 'open' })
  return { kind: 'reopened', number, url }
}

const openIssue = async ({ octokit, at }: Github, title: string, body: string): Promise<IssueKept> => {
  const { data } = await octokit.rest.issues.create({ ...at, title, body, request: { retries: 0 } })
  return { kind: 'opened', number: data.number, url: data.html_url }
}

interface FoundIssue {
  readonly number: number
  readonly html_url: string
  readonly state: string
  readonly title: string
  readonly body?: string | null
}

/** GitHub gives line ends back as it likes. */
const sameText = (found: string | null | undefined, wanted: string): boolean =>
  (found ?? '').replaceAll('\r\n', '\n').trimEnd() === wanted.trimEnd()

const change = (
  { octokit, at }: Github,
  issue_number: number,
  changed: { title?: string; body?: string; state?: 'open' | 'closed'; state_reason?: 'completed' },
): Promise<unknown> => octokit.rest.issues.update({ ...at, issue_number, ...changed })

interface Comment {
  readonly number: number
  readonly comment: string | undefined
  /** An attempt before this one may have posted it. */
  readonly isAgain: boolean
}

const tellUnder = async (github: Github, { number, comment, isAgain }: Comment): Promise<void> => {
  if (comment === undefined) return
  if (isAgain && sameText(await readLastComment(github, number), comment)) return
  const { octokit, at } = github
  await octokit.rest.issues.createComment({
    ...at,
    issue_number: number,
    body: comment,
    request: { retries: 0 },
  })
}

/** The last of ours: what others say meanwhile does not matter. */
const readLastComment = async (
  { octokit, at, author }: Github,
  issue_number: number,
): Promise<string | undefined> => {
  const comments = await octokit.paginate(octokit.rest.issues.listComments, {
    ...at,
    issue_number,
    per_page: 100,
  })
  return comments.findLast(({ user }) => user?.login === author)?.body
}

/** The newest of ours, whether open or closed. */
const findIssue = async (
  { octokit, at, author }: Github,
  marker: string,
): Promise<FoundIssue | undefined> => {
  const pages = octokit.paginate.iterator(octokit.rest.issues.listForRepo, {
    ...at,
    creator: author,
    state: 'all',
    sort: 'created',
    direction: 'desc',
    per_page: 100,
  })
  for await (const { data } of pages) {
    const found = data.find(
      ({ body, user, pull_request }) =>
        pull_request === undefined && user?.login === author && body?.split(/\r?\n/, 1)[0] === marker,
    )
    if (found) return found
  }
  return undefined
}
