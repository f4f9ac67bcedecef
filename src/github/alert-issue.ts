import type { AlertNews } from '../model/alert.ts'
import type { Alerter } from '../ports.ts'
import { renderAlertBody, renderAlertComment } from '../render/alert-markdown.ts'
import type { Github } from './client.ts'
import { keepIssue } from './issues.ts'

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
    const { kind, url } = await keepIssue(github, {
      topic: 'alerts',
      part: 'monitor',
      environment,
      ...(open.length > 0 ? { open: describeOpen(news, runUrl) } : {}),
      closing: renderAlertComment(news, runUrl),
    })
    return url === undefined || kind === 'unchanged' ? undefined : `${kind} ${url}`
  },
})

const describeOpen = (news: AlertNews, runUrl: string | undefined) => {
  const isNews = news.begun.length + news.over.length > 0
  const comment = renderAlertComment(news, runUrl)
  return {
    title: `muster: ${news.environment} needs a look`,
    body: renderAlertBody(news),
    ...(isNews ? { note: comment, news: comment } : {}),
  }
}
