import { CHECK_SUBJECTS, type Check } from '../model/checkup.ts'
import type { PlanTarget } from '../model/plan.ts'
import type { Paint } from './paint.ts'
import { renderTarget } from './plan-terminal.ts'
import { showLine } from './show-value.ts'
import { countOf } from './words.ts'

const MARKS: Readonly<Record<Check['verdict'], string>> = { ok: 'ok', trouble: 'TO DO', unchecked: '-' }

/** What a doctor found. */
export const renderCheckup = (target: PlanTarget, checks: readonly Check[], paint: Paint): string =>
  `${[renderTarget(target, paint), renderChecks(inOrder(checks), paint), summarize(checks, paint)].join('\n\n')}\n`

/** One line a check; below what is wrong, what to do. */
export const renderChecks = (checks: readonly Check<string>[], paint: Paint): string => {
  const width = Math.max(...checks.map(({ subject }) => subject.length))
  return checks.flatMap(check => describe(check, width, paint)).join('\n')
}

const MARK_WIDTH = Math.max(...Object.values(MARKS).map(mark => mark.length))

const describe = (
  { verdict, subject, detail, todo }: Check<string>,
  width: number,
  paint: Paint,
): readonly string[] => {
  const mark = colourOf(verdict, paint)(MARKS[verdict].padEnd(MARK_WIDTH))
  const line = `${mark}  ${subject.padEnd(width)}  ${showLine(detail)}`
  if (todo === undefined) return [line]
  return [line, `${' '.repeat(MARK_WIDTH + width + 4)}${paint.bold('→')} ${showLine(todo)}`]
}

const colourOf = (verdict: Check['verdict'], paint: Paint): ((text: string) => string) => {
  if (verdict === 'ok') return paint.green
  return verdict === 'trouble' ? paint.red : paint.dim
}

const summarize = (checks: readonly Check[], paint: Paint): string => {
  const count = (verdict: Check['verdict']): number =>
    checks.filter(check => check.verdict === verdict).length
  const open = count('unchecked')
  const also = open > 0 ? ` ${countOf(open, 'check was', 'checks were')} not possible.` : ''
  const wrong = count('trouble')
  if (wrong > 0) return paint.red(`${countOf(wrong, 'thing')} to do.${also}`)
  return paint.green(`All that could be checked is right.${also}`)
}

const inOrder = (checks: readonly Check[]): readonly Check[] =>
  [...checks].sort((a, b) => CHECK_SUBJECTS.indexOf(a.subject) - CHECK_SUBJECTS.indexOf(b.subject))

/** The same for programs: one object, ends with a newline. Keys may be added, never renamed. */
export const writeCheckup = (target: PlanTarget, checks: readonly Check[]): string =>
  `${JSON.stringify(
    {
      ok: checks.every(({ verdict }) => verdict !== 'trouble'),
      environment: target.environment,
      workspace: target.workspace,
      checks: inOrder(checks).map(writeCheck),
    },
    null,
    2,
  )}\n`

/** A check for programs. */
export const writeCheck = ({ subject, verdict, detail, todo, code }: Check<string>) => ({
  subject,
  verdict,
  detail,
  todo: todo ?? null,
  code: code ?? null,
})
