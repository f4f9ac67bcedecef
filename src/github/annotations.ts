import type { Diagnostic, Place, Severity } from '../model/diagnostic.ts'
import type { ChangedLines } from './changed-lines.ts'
import { workflowCommand } from './workflow-command.ts'

/** GitHub shows so many annotations of each type of one step, and drops the rest without a word. */
const MOST_OF_A_TYPE = 10

/** What is shown on the lines, and how much is left for the summary alone. */
export interface Annotations {
  readonly lines: readonly string[]
  readonly left: number
}

/**
 * Diagnostics as annotations: on changed lines first, then in changed files, then the rest, at last what stands on no
 * line. Errors and warnings are
 * counted apart, as GitHub counts them; together they stay below the 50 of a job.
 */
export const chooseAnnotations = (
  diagnostics: readonly Diagnostic[],
  changed: ChangedLines = new Map(),
): Annotations => {
  const chosen = (['error', 'warning'] as const).flatMap(severity =>
    diagnostics
      .filter(diagnostic => diagnostic.severity === severity)
      .map((diagnostic, index) => ({ diagnostic, index, rank: rankOf(diagnostic.at, changed) }))
      .sort((a, b) => a.rank - b.rank || a.index - b.index)
      .slice(0, MOST_OF_A_TYPE),
  )
  return {
    lines: chosen.map(({ diagnostic }) => annotate(diagnostic)),
    left: diagnostics.length - chosen.length,
  }
}

const rankOf = (at: Place | undefined, changed: ChangedLines): 0 | 1 | 2 | 3 => {
  if (!at) return 3
  const { path, line, endLine = line } = at
  const lines = changed.get(path)
  if (!lines) return 2
  for (let each = line; each <= endLine; each += 1) if (lines.has(each)) return 0
  return 1
}

const COMMANDS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning' }

const annotate = ({ code, severity, summary, detail, hint, at }: Diagnostic): string =>
  workflowCommand(
    COMMANDS[severity],
    { ...(at ? describePlace(at) : {}), title: `${summary} [${code}]` },
    hint === undefined ? detail : `${detail}\nHint: ${hint}.`,
  )

const describePlace = ({ path, line, column, endLine }: Place): Readonly<Record<string, string>> => ({
  file: path,
  line: String(line),
  ...(endLine === undefined ? {} : { endLine: String(endLine) }),
  // Columns are taken on one line alone.
  ...(endLine === undefined || endLine === line ? { col: String(column) } : {}),
})
