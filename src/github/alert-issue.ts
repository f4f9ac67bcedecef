import type { AlertNews } from '../model/alert.ts'
import type { Alerter } from '../ports.ts'
import { renderAlertBody, renderAlertComment } from '../render/alert-markdown.ts'
import type { Github } from './client.ts'
import { type IssueText, keepIssue } from './issues.ts'

export interface AlertIssueOptions {
  readonly github: Github
  /** Page of this run, for links. */
  readonly runUrl?: string
}

/** Keeps the monitor's part of the environment's issue, which drift shares. */
export const createAlertIssue = ({ github, runUrl }: AlertIssueOptions): Alerter => ({
  name: 'github-issue',
  tell: async news => {
    const { environment, open } = news
    const comment = describeNews(news, runUrl)
    const { kind, url } = await keepIssue(github, {
      topic: 'alerts',
      part: 'monitor',
      environment,
      ...(open.length > 0 ? { open: describeOpen(news, comment) } : {}),
      ...(comment === undefined ? {} : { closing: comment }),
    })
    return url === undefined || kind === 'unchanged' ? undefined : `${kind} ${url}`
  },
})

/** GitHub takes no comment without words. */
const describeNews = (news: AlertNews, runUrl: string | undefined): string | undefined =>
  news.begun.length + news.over.length > 0 ? renderAlertComment(news, runUrl) : undefined

const describeOpen = (news: AlertNews, comment: string | undefined): IssueText => ({
  title: `muster: ${news.environment} needs a look`,
  body: renderAlertBody(news),
  ...(comment === undefined ? {} : { note: comment, news: comment }),
})
