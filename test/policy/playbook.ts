import type { Diagnostic } from '../../src/model/diagnostic.ts'
import { RULES } from '../../src/policy/policies.ts'
import { type Fragment, judgeExample, nameOf, readPage } from './rule-page.ts'

/** What no rule has to say because something else refuses it already. */
interface HeldElsewhere {
  readonly recommendation: string
  readonly bad: readonly Fragment[]
  readonly code: string
}

const winback = (text: string): readonly Fragment[] => [{ file: 'audiences/winback.yaml', text }]

const HELD_ELSEWHERE: readonly HeldElsewhere[] = [
  {
    recommendation: 'An audience that only feeds an analysis stays in Customer.io.',
    bad: winback('intent: analysis'),
    code: 'spec/enum',
  },
  {
    recommendation: 'Names are of characters that MoEngage takes.',
    bad: winback('name: "ACT__Winback__60d: new!"'),
    code: 'spec/pattern',
  },
  {
    recommendation: 'Somebody approves every change.',
    bad: winback('owner: { team: lifecycle, contact: lifecycle@example.com, approvers: [] }'),
    code: 'spec/count',
  },
  {
    recommendation: 'The owning team is one that the workspace knows.',
    bad: winback(
      'owner: { team: lifecicle, contact: lifecycle@example.com, approvers: ["@acme/lifecycle"] }',
    ),
    code: 'spec/unknown-team',
  },
  {
    recommendation: 'Every audience says when people leave it.',
    bad: winback('exit: {}'),
    code: 'spec/missing-key',
  },
  {
    recommendation: 'Whoever keeps people for ever says why.',
    bad: winback('exit: { rule: keep }'),
    code: 'spec/missing-key',
  },
  {
    recommendation: 'A sticky stay says how long it is.',
    bad: winback('exit: { rule: sticky, from: entry }'),
    code: 'spec/missing-key',
  },
  {
    recommendation: 'Suppressions exist.',
    bad: winback('suppressed_by: [recent-buyers]'),
    code: 'spec/unknown-audience',
  },
  {
    recommendation: 'Suppressions go in no circle.',
    bad: [
      { file: 'audiences/vip.yaml', text: 'suppressed_by: [winback]' },
      { file: 'audiences/winback.yaml', text: 'suppressed_by: [vip]' },
    ],
    code: 'spec/suppression-cycle',
  },
]

/** The whole page, from the rules and the examples of their pages. */
export const renderPlaybook = (): string =>
  [
    '# The playbook',
    '',
    '<!-- Made by npm run generate from src/policy and docs/rules. Do not edit. -->',
    '',
    'What retention teams get wrong is known. Each recommendation is a rule that a pull request meets: `muster validate` says it',
    'with a place and a hint. How strict a rule is can be said in the workspace and in each spec (`policy`), and a person can let',
    'one be broken until a day (`waivers`); see [decision 0024](decisions/0024-the-playbook-is-policy.md).',
    '',
    ...renderTable(
      RULES.map(({ code, recommendation, severity }) => renderRule(code, recommendation, severity)),
    ),
    '',
    '## Held by the specs themselves',
    '',
    'These are mistakes before any rule is asked, and cannot be lowered or waived.',
    '',
    ...renderTable(HELD_ELSEWHERE.map(renderHeld)),
    '',
    'And by plans: a name that was used once is refused (`guard/name-used`), and so is going live untried where `qa.required`',
    'says so (`guard/no-qa-evidence`). Each promotion stands in the plan with the date of the QA run that it rests on.',
    '',
  ].join('\n')

const renderTable = (rows: readonly string[]): readonly string[] => [
  '| recommendation | rule | bad example | message |',
  '|---|---|---|---|',
  ...rows,
]

const renderRule = (code: string, recommendation: string, severity: string): string => {
  const { bad } = readPage(code)
  const link = `[\`${code}\`](rules/${nameOf(code)}.md), ${severity}`
  return renderRow([escapeText(recommendation), link, renderExample(bad), findMessage(code, bad)])
}

const renderHeld = ({ recommendation, bad, code }: HeldElsewhere): string =>
  renderRow([recommendation, `\`${code}\`, error`, renderExample(bad), findMessage(code, bad)])

const renderRow = (cells: readonly string[]): string =>
  `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`

const renderExample = (fragments: readonly Fragment[]): string =>
  fragments
    .map(({ file, text }) => {
      const lines = text.split('\n').map(line => `\`${line.trim()}\``)
      return `${file.replace(/^audiences\/|\.yaml$/g, '')}: ${lines.join('<br>')}`
    })
    .join('<br>')

const findMessage = (code: string, bad: readonly Fragment[]): string => {
  const found: Diagnostic | undefined = judgeExample(bad).find(each => each.code === code)
  if (!found) throw new Error(`the bad example of ${code} does not show it`)
  return escapeText(found.detail)
}

const escapeText = (text: string): string =>
  text.replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('_', '\\_')
