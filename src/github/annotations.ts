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
 * Diagnostics as annotations: on changed lines first, then in changed files, then the rest. Errors and warnings are
 * counted apart, as GitHub counts them; together they stay below the 50 of a job.
 */
export const chooseAnnotations = (
  diagnostics: readonly Diagnostic[],
  changed: ChangedLines = new Map(),
): Annotations => {
  const placed = diagnostics.filter(hasPlace)
  const chosen = (['error', 'warning'] as const).flatMap(severity =>
    placed
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

type Placed = Diagnostic & { readonly at: Place }

const hasPlace = (diagnostic: Diagnostic): diagnostic is Placed => diagnostic.at !== undefined

const rankOf = ({ path, line, endLine = line }: Place, changed: ChangedLines): 0 | 1 | 2 => {
  const lines = changed.get(path)
  if (!lines) return 2
  for (let each = line; each <= endLine; each += 1) if (lines.has(each)) return 0
  return 1
}

const COMMANDS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning' }

const annotate = ({ code, severity, summary, detail, hint, at }: Placed): string =>
  workflowCommand(
    COMMANDS[severity],
    {
      file: at.path,
      line: String(at.line),
      ...(at.endLine === undefined ? {} : { endLine: String(at.endLine) }),
      // Columns are taken on one line alone.
      ...(at.endLine === undefined || at.endLine === at.line ? { col: String(at.column) } : {}),
      title: `${summary} [${code}]`,
    },
    hint === undefined ? detail : `${detail}\nHint: ${hint}.`,
  )
