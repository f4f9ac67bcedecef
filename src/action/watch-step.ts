import { type IssueText, keepIssue } from '../github/issues.ts'
import { takeWithin } from '../render/byte-budget.ts'
import { fence, inertCode, inertText } from '../render/inert-markdown.ts'
import { countOf, formatNumber } from '../render/words.ts'
import type { ActionContext } from './action-context.ts'

const SUMMARY_BYTES = 200_000
/** The monitor has a part in the same issue, of 65,536 characters. */
const ISSUE_BYTES = 28_000

/** Runs `sync`, `monitor` or `report` as it is: what it prints is in the log and the summary. */
export const runCommandStep = async ({
  inputs,
  runMuster,
  addSummary,
  setOutput,
}: ActionContext): Promise<number> => {
  const { command, env, dir, args } = inputs
  const { exitCode, stdout } = await runMuster([command, '--env', env, '--dir', dir, ...args], {
    shown: true,
  })
  const { kept } = takeWithin(stdout.split('\n'), SUMMARY_BYTES)
  await addSummary(`${[`### muster ${command}: ${inertText(env)}`, '', ...fence('text', kept)].join('\n')}\n`)
  await setOutput('outcome', exitCode === 0 ? 'done' : `exit code ${exitCode}`)
  return exitCode
}

/** Drift, and the part of the environment's issue that tells of it. What could not be read changes nothing there. */
export const runDriftStep = async (context: ActionContext): Promise<number> => {
  const { inputs, github, runMuster, setOutput, print, runUrl } = context
  const { env, dir, args } = inputs
  const { exitCode, stdout } = await runMuster(['drift', '--env', env, '--dir', dir, '--json', ...args], {
    shown: false,
  })
  const findings = readFindings(stdout)
  await setOutput('drift', String(findings.length))
  print(`Drift: ${countOf(findings.length, 'finding')}.`)
  if (exitCode !== 0 && exitCode !== DRIFTED) return exitCode
  const { kind, url } = await keepIssue(github, {
    topic: 'alerts',
    part: 'drift',
    environment: env,
    closing: `Nothing has drifted any more, says [this run](${runUrl}).`,
    ...(exitCode === DRIFTED ? { open: renderDriftIssue(env, findings, runUrl) } : {}),
  })
  if (url !== undefined) print(`Issue ${kind}: ${url}`)
  return exitCode
}

/** Exit code of `drift` when something differs. */
const DRIFTED = 2

interface Finding {
  readonly address: string
  readonly detail: string
}

const readFindings = (stdout: string): readonly Finding[] => {
  if (!stdout.trimStart().startsWith('{')) return []
  // Printed by our own command, of the same version.
  const { checked } = JSON.parse(stdout) as { checked: { findings: readonly Finding[] } }
  return checked.findings
}

const renderDriftIssue = (env: string, findings: readonly Finding[], runUrl: string): IssueText => {
  const lines = findings.map(({ address, detail }) => `- ${inertCode(address)} ${inertText(detail)}`)
  const { kept, left } = takeWithin(lines, ISSUE_BYTES)
  const body = [
    '#### Drift',
    '',
    `${countOf(findings.length, 'value')} at the vendors differ from what was applied:`,
    '',
    ...kept,
    ...(left > 0 ? [`- … and ${formatNumber(left)} more`] : []),
    '',
    'The next plan shows each, and what applying would make of it. What was changed on purpose belongs into the specs.',
  ].join('\n')
  return {
    title: `muster: ${env} needs a look`,
    body,
    note: `Values have drifted, says [this run](${runUrl}).`,
  }
}
