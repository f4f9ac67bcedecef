import { readFileSync } from 'node:fs'
import { parse as parseYaml, stringify } from 'yaml'
import type { Diagnostic } from '../../src/model/diagnostic.ts'
import type { Facts } from '../../src/model/facts.ts'
import { POLICIES } from '../../src/policy/policies.ts'
import { applyPolicies } from '../../src/policy/policy.ts'
import { validateFiles } from '../spec/folder-of.ts'

/** Part of a file, as a page shows it: what is left out is filled in with what no rule objects to. */
export interface Fragment {
  /** `audiences/winback.yaml`, `audiences/workspace.yaml` or `the store`. */
  readonly file: string
  readonly text: string
}

/** What a page of `docs/rules` says. */
export interface RulePage {
  readonly title: string
  readonly bad: readonly Fragment[]
  readonly good: readonly Fragment[]
}

const FOLDER = new URL('../../docs/rules/', import.meta.url)

/** `policy/app-aware` → the page of it. */
export const readPage = (code: string): RulePage => {
  const text = readFileSync(new URL(`${nameOf(code)}.md`, FOLDER), 'utf8')
  return {
    title: /^# (.+)$/m.exec(text)?.[1] ?? '',
    bad: readFragments(text, 'Bad'),
    good: readFragments(text, 'Good'),
  }
}

/** `policy/app-aware` → `app-aware`. */
export const nameOf = (code: string): string => code.slice('policy/'.length)

const readFragments = (page: string, heading: string): readonly Fragment[] => {
  const section = page.split(/^## /m).find(part => part.startsWith(`${heading}\n`)) ?? ''
  return [...section.matchAll(/```yaml\n# (.+)\n([\s\S]*?)```/g)].map(([, file = '', text = '']) => ({
    file,
    text: text.trimEnd(),
  }))
}

/** Everything the rules say of a page's example, and what validation refuses in it. */
export const judgeExample = (fragments: readonly Fragment[]): readonly Diagnostic[] => {
  const files = fragments.filter(({ file }) => file.startsWith('audiences/'))
  const written = files.map(({ file, text }, index) => [
    file.slice('audiences/'.length),
    stringify(completeFile(file, parseYaml(text), index)),
  ])
  const specs = validateFiles({ 'workspace.yaml': stringify(WORKSPACE), ...Object.fromEntries(written) })
  if (!specs.workspace) throw new Error(`the example has no workspace: ${JSON.stringify(specs.diagnostics)}`)
  const { workspace, audiences } = specs
  const facts = readFacts(fragments.find(({ file }) => file === 'the store')?.text)
  return [
    ...specs.diagnostics.filter(({ code, severity }) => code.startsWith('spec/') && severity === 'error'),
    ...applyPolicies(
      POLICIES,
      { workspace, audiences, now: NOW, ...(facts ? { facts } : {}) },
      () => undefined,
    ),
  ]
}

const NOW = '2026-11-25T10:00:00.000Z'

type Written = Readonly<Record<string, unknown>>

const completeFile = (file: string, fragment: Written, index: number): Written => {
  const id = file.replace(/^audiences\/|\.yaml$/g, '')
  return id === 'workspace'
    ? { ...WORKSPACE, ...fragment }
    : { ...completeAudience(id, index, fragment), ...fragment }
}

const WORKSPACE: Written = {
  name: 'acme',
  partner: 'muster',
  environments: {
    live: {
      customerio: { region: 'us', app_key_env: 'CUSTOMERIO_APP_KEY' },
      moengage: { data_center: '01', workspace_id: 'ACME01', data_key_env: 'MOENGAGE_DATA_KEY' },
    },
  },
  teams: {
    lifecycle: { contact: 'lifecycle@example.com', approvers: ['@acme/lifecycle'] },
  },
}

const PURPOSES: Readonly<Record<string, string>> = {
  activation: 'ACT',
  suppression: 'SUP',
  orchestration: 'ORC',
  qa: 'QA',
}

const completeAudience = (id: string, index: number, fragment: Written): Written => {
  const { intent = 'activation', timing = { window: '30d', sync_every: '1d' } } = fragment
  const useCase = id.replaceAll(/(?:^|-)([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase())
  return {
    id,
    name: `${PURPOSES[String(intent)]}__${useCase}__${(timing as { window: string }).window}`,
    description: 'People of the shop who did something lately. They hear about it.',
    intent,
    use_case: id,
    owner: { team: 'lifecycle', contact: 'lifecycle@example.com', approvers: ['@acme/lifecycle'] },
    source: { segment: index + 1, name: `Segment ${index + 1}` },
    exit: { rule: 'remove' },
    timing,
    rollout: { stage: 'live' },
  }
}

interface WrittenFacts {
  readonly members?: Readonly<Record<string, number>>
  readonly stages?: Readonly<Record<string, string>>
  readonly tried?: readonly string[]
  readonly shared?: readonly { readonly audiences: readonly [string, string]; readonly people: number }[]
}

const readFacts = (text: string | undefined): Facts | undefined => {
  if (text === undefined) return undefined
  // The pages are ours, and a wrong shape makes their examples fail.
  const { members = {}, stages = {}, tried = [], shared = [] } = parseYaml(text) as WrittenFacts
  return {
    members: new Map(Object.entries(members)),
    stages: new Map(Object.entries(stages)),
    tried: new Set(tried),
    shared: shared.map(({ audiences, people }) => ({
      audiences,
      people,
      shareOfSmaller: people / Math.min(...audiences.map(id => members[id] ?? people)),
    })),
  }
}
