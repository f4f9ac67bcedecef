import type { Diagnostic } from '../model/diagnostic.ts'
import { fail } from '../model/failure.ts'
import type { WrittenPlan } from '../model/generated/plan.ts'
import { isIntact } from '../plan/document.ts'
import { compileSchema } from '../spec/schema-validator.ts'
import { hostileArtifact } from './unzip.ts'

/** A plan document from anywhere: of the right form, whole, and of the environment it is to speak of. */
export const parsePlanDocument = (text: string, schema: object, environment: string): WrittenPlan => {
  const document = parseJson(text)
  const mistakes = compileSchema(schema).check(document)
  if (mistakes.length > 0) return fail(hostileArtifact('the plan in it is of another form'))
  // Checked against the schema that the type is generated from.
  const plan = document as WrittenPlan
  if (!isIntact(plan)) return fail(hostileArtifact('the plan in it is not what its digests say'))
  if (plan.target.environment !== environment)
    return fail(hostileArtifact('the plan in it is of another environment'))
  return plan
}

/** More than anybody reads; what `validate` says beyond that is the same mistake many times. */
const MOST_DIAGNOSTICS = 1_000

/** What `validate --json` printed, from anywhere. */
export const parseDiagnostics = (text: string): readonly Diagnostic[] => {
  const answer = parseJson(text)
  const listed = isObject(answer) && Array.isArray(answer.diagnostics) ? answer.diagnostics : undefined
  if (!listed) return fail(hostileArtifact('the diagnostics in it are of another form'))
  return listed.slice(0, MOST_DIAGNOSTICS).map(readDiagnostic)
}

const readDiagnostic = (written: unknown): Diagnostic => {
  if (!isObject(written)) return fail(hostileArtifact('a diagnostic in it is of another form'))
  const { code, severity, summary, detail, path, line, column, end_line, hint } = written
  const place =
    typeof path === 'string' && isPosition(line) && isPosition(column)
      ? { path, line, column, ...(isPosition(end_line) && end_line >= line ? { endLine: end_line } : {}) }
      : undefined
  return {
    code: textOf(code),
    severity: severity === 'warning' ? 'warning' : 'error',
    summary: textOf(summary),
    detail: textOf(detail),
    ...(typeof hint === 'string' ? { hint } : {}),
    ...(place ? { at: place } : {}),
  }
}

/** Higher than the last line of the largest spec. */
const MOST_LINES = 10_000_000

const isPosition = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value > 0 && value < MOST_LINES

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
