import { AUTHOR, aUser, fill, type Given, isTooLong, notFound, page, type Route, tooLong } from './routes.ts'
import type { EmulatedComment, EmulatedIssue, GithubState } from './state.ts'

const ISSUES = '/repos/{owner}/{repo}/issues'
const COMMENTS = `${ISSUES}/{issue_number}/comments`

const showIssue = ({ number, author, title, body, state }: EmulatedIssue) => {
  const { pull_request: _pull, ...issue } = fill({ method: 'POST', path: ISSUES }, 201, {
    number,
    title,
    body,
    state,
    user: aUser(author),
    html_url: `https://github.test/acme/audiences/issues/${number}`,
  })
  return issue
}

const showComment = ({ id, number, author, body }: EmulatedComment) =>
  fill({ method: 'POST', path: COMMENTS }, 201, {
    id,
    body,
    user: aUser(author),
    html_url: `https://github.test/acme/audiences/pull/${number}#issuecomment-${id}`,
  })

const listIssues = (state: GithubState, given: Given) =>
  page(
    [...state.issues]
      .reverse()
      .filter(
        ({ author, state: is }) =>
          author === given.query.creator && [is, 'all'].includes(given.query.state ?? 'open'),
      )
      .map(showIssue),
    given,
  )

/** Issues and comments, which pull requests share with issues. */
export const routeIssues: readonly Route[] = [
  { method: 'GET', path: ISSUES, handler: listIssues },
  {
    method: 'POST',
    path: ISSUES,
    handler: (state, { body }) => {
      if (isTooLong(body.body)) return tooLong
      const issue: EmulatedIssue = {
        number: state.nextNumber++,
        author: AUTHOR,
        title: String(body.title),
        body: String(body.body),
        state: 'open',
      }
      state.issues.push(issue)
      return { status: 201, body: showIssue(issue) }
    },
  },
  {
    method: 'PATCH',
    path: `${ISSUES}/{issue_number}`,
    handler: (state, { params, body }) => {
      const issue = state.issues.find(({ number }) => String(number) === params.issue_number)
      if (!issue) return notFound
      if (isTooLong(body.body)) return tooLong
      const { title = issue.title, body: text = issue.body, state: is = issue.state } = body
      Object.assign(issue, { title, body: text, state: is })
      return { status: 200, body: showIssue(issue) }
    },
  },
  {
    method: 'GET',
    path: COMMENTS,
    handler: (state, given) =>
      page(
        state.comments.filter(({ number }) => String(number) === given.params.issue_number).map(showComment),
        given,
      ),
  },
  {
    method: 'POST',
    path: COMMENTS,
    handler: (state, { params, body }) => {
      if (isTooLong(body.body)) return tooLong
      const comment = {
        id: state.nextId++,
        number: Number(params.issue_number),
        author: AUTHOR,
        body: String(body.body),
      }
      state.comments.push(comment)
      return { status: 201, body: showComment(comment) }
    },
  },
  {
    method: 'PATCH',
    path: `${ISSUES}/comments/{comment_id}`,
    handler: (state, { params, body }) => {
      const comment = state.comments.find(({ id }) => String(id) === params.comment_id)
      if (!comment) return notFound
      if (isTooLong(body.body)) return tooLong
      comment.body = String(body.body)
      return { status: 200, body: showComment(comment) }
    },
  },
]
