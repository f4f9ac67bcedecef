/** One plan of a pull request, as a later comment remembers it. */
export interface PlanRun {
  readonly at: string
  /** The commit that was planned, abbreviated. */
  readonly head: string
  /** What it came to, in counts: `2 to create, 1 refused`. Words and numbers alone. */
  readonly came: string
  /** Absent when there was no plan. */
  readonly digest?: string
}

/** How many earlier runs a comment lists. */
const MOST_RUNS = 8

const RUN = /^<!-- muster:run at=(\S+) head=(\S+) digest=(\S+) came=(.*) -->$/gm

/**
 * The runs that a comment of ours remembers, newest first. Whatever a plan quotes is inert in a comment, so no line but
 * ours can look like this.
 */
export const readRuns = (body: string): readonly PlanRun[] =>
  [...body.replaceAll('\r\n', '\n').matchAll(RUN)].map(([, at = '', head = '', digest = '', came = '']) => ({
    at,
    head,
    came,
    ...(digest === 'none' ? {} : { digest }),
  }))

/** The newest run before those that were there; the same plan of the same commit is one run. */
export const addRun = (run: PlanRun, earlier: readonly PlanRun[]): readonly PlanRun[] => {
  const others = earlier.filter(({ head, digest }) => head !== run.head || digest !== run.digest)
  return [run, ...others].slice(0, MOST_RUNS + 1)
}

/** Runs as one line each, folded; then the hidden lines that remember all of them. */
export const renderRuns = (shown: readonly PlanRun[], all: readonly PlanRun[]): readonly string[] => [
  ...(shown.length === 0
    ? []
    : ['<details><summary>Earlier plans</summary>', '', ...shown.map(showRun), '', '</details>', '']),
  ...all.map(rememberRun),
]

const showRun = ({ at, head, came, digest }: PlanRun): string =>
  `- ${at.slice(0, 16).replace('T', ' ')} UTC, ${head}: ${came}${digest === undefined ? '' : `, digest ${digest.slice(0, 19)}…`}`

const rememberRun = ({ at, head, came, digest }: PlanRun): string =>
  `<!-- muster:run at=${word(at)} head=${word(head)} digest=${word(digest ?? 'none')} came=${came.replaceAll(/[^A-Za-z0-9 ,]/g, '')} -->`

/** A moment, a commit or a digest has no other characters; nothing else gets in here. */
const word = (text: string): string => text.replaceAll(/[^A-Za-z0-9:.-]/g, '') || 'none'
