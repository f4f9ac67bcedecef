/** A place in a file that a person can open. Lines and columns count from 1; columns are UTF-16 units. */
export interface Place {
  readonly path: string
  readonly line: number
  readonly column: number
  readonly endLine?: number
  readonly endColumn?: number
}

export type Severity = 'error' | 'warning'

/**
 * A mistake or a refusal that a person can act on. `summary` is constant per code; names and numbers go into
 * `detail`; `hint` is one action. Holds no identifier of a person and no credential, ever.
 */
export interface Diagnostic {
  readonly code: string
  readonly severity: Severity
  readonly summary: string
  readonly detail: string
  readonly at?: Place
  readonly hint?: string
}

/** The order in which a phase shows its diagnostics: by file, place, then code. Total, so output never wavers. */
export const compareDiagnostics = (a: Diagnostic, b: Diagnostic): number =>
  compareText(a.at?.path ?? '', b.at?.path ?? '') ||
  (a.at?.line ?? 0) - (b.at?.line ?? 0) ||
  (a.at?.column ?? 0) - (b.at?.column ?? 0) ||
  compareText(a.code, b.code) ||
  compareText(a.detail, b.detail)

/** True when at least one diagnostic stops the phase. */
export const hasErrors = (diagnostics: readonly Diagnostic[]): boolean =>
  diagnostics.some(({ severity }) => severity === 'error')

/** Code-unit order: the same on every machine, unlike `localeCompare`. */
export const compareText = (a: string, b: string): number => {
  if (a === b) return 0
  return a < b ? -1 : 1
}
