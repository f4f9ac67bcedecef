/** What the emulated GitHub holds. A test may write to all of it, as somebody else would. */
export interface GithubState {
  /** Of issues and pull requests alike, which share their numbers. */
  nextNumber: number
  nextId: number
  readonly issues: EmulatedIssue[]
  readonly pulls: EmulatedPull[]
  readonly comments: EmulatedComment[]
  readonly checks: EmulatedCheck[]
  readonly artifacts: EmulatedArtifact[]
  /** Commits of a push, oldest first, by `before...after`. */
  readonly comparisons: Map<string, readonly string[]>
  /** Files that a branch changed since a commit, by `commit...branch`; none: the commit is its head. */
  readonly laterFiles: Map<string, readonly EmulatedFile[]>
}

export interface EmulatedIssue {
  readonly number: number
  readonly author: string
  title: string
  body: string
  state: 'open' | 'closed'
}

export interface EmulatedFile {
  readonly filename: string
  readonly previous_filename?: string
  readonly patch?: string
}

export interface EmulatedPull {
  readonly number: number
  title: string
  headSha: string
  readonly headBranch: string
  /** 1 is the repository itself; anything else a fork. */
  readonly headRepository: number
  readonly headOwner: string
  readonly base: string
  state: 'open' | 'closed'
  /** The commit on the base branch, once it is merged. */
  mergeSha?: string
  readonly files: readonly EmulatedFile[]
}

export interface EmulatedComment {
  readonly id: number
  readonly number: number
  readonly author: string
  body: string
}

export interface EmulatedCheck {
  readonly id: number
  readonly app: string
  readonly headSha: string
  name: string
  conclusion: string
  externalId: string
  readonly detailsUrl: string
  title: string
  summary: string
}

export interface EmulatedArtifact {
  readonly id: number
  readonly runId: number
  readonly name: string
  readonly archive: Buffer
  /** What GitHub says of its size; absent: the truth. */
  readonly statedBytes?: number
}

export const THIS_REPOSITORY = 1

export const createState = (): GithubState => ({
  nextNumber: 1,
  nextId: 1_000,
  issues: [],
  pulls: [],
  comments: [],
  checks: [],
  artifacts: [],
  comparisons: new Map(),
  laterFiles: new Map(),
})

/** A pull request, as somebody opens it. */
export const openPull = (state: GithubState, pull: Partial<EmulatedPull> = {}): EmulatedPull => {
  const opened: EmulatedPull = {
    number: state.nextNumber++,
    title: 'Change an audience',
    headSha: 'a'.repeat(40),
    headBranch: 'change',
    headRepository: THIS_REPOSITORY,
    headOwner: 'acme',
    base: 'main',
    state: 'open',
    files: [{ filename: 'audiences/vip.yaml', patch: '@@ -1 +1 @@\n-a\n+b' }],
    ...pull,
  }
  state.pulls.push(opened)
  return opened
}
