import { Octokit } from 'octokit'

/** Where GitHub is, and as whom we speak to it. */
export interface GithubOptions {
  /** `https://api.github.com`, or that of an enterprise server. */
  readonly apiUrl: string
  readonly token: string
  /** `owner/name`. */
  readonly repository: string
  /** Login that our comments and issues have. With the token of a workflow: `github-actions[bot]`. */
  readonly author: string
  readonly version: string
  readonly warn: (text: string) => void
  /** How long one answer may take. */
  readonly timeoutMs?: number
  /** Without the pauses that GitHub asks of those who write much. For tests. */
  readonly isHurried?: boolean
}

/** One repository on GitHub. */
export interface Github {
  readonly octokit: Octokit
  readonly at: { readonly owner: string; readonly repo: string }
  readonly author: string
}

/** The login that what a workflow's own token writes has. */
export const WORKFLOW_AUTHOR = 'github-actions[bot]'

/** Opens no connection. Waiting and trying again, as GitHub asks for it, is octokit's. */
export const createGithub = ({ repository, author, ...options }: GithubOptions): Github => {
  const [owner = '', repo = ''] = repository.split('/')
  return { octokit: createOctokit(options), at: { owner, repo }, author }
}

const createOctokit = ({
  apiUrl,
  token,
  version,
  warn,
  isHurried = false,
  timeoutMs = 30_000,
}: Omit<GithubOptions, 'repository' | 'author'>): Octokit =>
  new Octokit({
    auth: token,
    baseUrl: apiUrl.replace(/\/+$/, ''),
    userAgent: `muster/${version}`,
    // Its words quote addresses and answers; what went wrong is said by whoever asked.
    log: { debug: ignore, info: ignore, warn: () => warn('GitHub asks for a pause.\n'), error: ignore },
    request: {
      fetch: (url: string, options: RequestInit) =>
        fetch(url, { ...options, signal: AbortSignal.timeout(timeoutMs) }),
    },
    ...(isHurried ? { retry: { retryAfterBaseValue: 10 }, throttle: { enabled: false } } : {}),
  })

const ignore = (): void => {}
