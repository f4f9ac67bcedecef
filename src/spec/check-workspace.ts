import type { Diagnostic } from '../model/diagnostic.ts'
import type { WrittenEnvironment, WrittenWorkspace } from '../model/generated/workspace.ts'
import { isLoopback } from '../model/loopback.ts'
import { describeMistake } from './codes.ts'
import type { WrittenSpec } from './spec-set.ts'
import { quoteText } from './visible-text.ts'

type WorkspaceSpec = WrittenSpec<WrittenWorkspace>

/** What the schema cannot say about a workspace. */
export const checkWorkspace = (workspace: WorkspaceSpec): readonly Diagnostic[] => [
  ...checkStorePath(workspace),
  ...checkUrls(workspace),
  ...checkSharedTargets(workspace),
]

const checkStorePath = ({ written, source }: WorkspaceSpec): readonly Diagnostic[] => {
  if (typeof written.store !== 'string') return []
  const at = () => source.locate(['store'])
  if (written.store.endsWith('/'))
    return [
      describeMistake('spec/store-path', {
        detail: 'It names a folder, and the store is a file.',
        hint: `write ${written.store}{env}.duckdb`,
        at: at(),
      }),
    ]
  const count = Object.keys(written.environments).length
  if (count < 2 || written.store.includes('{env}')) return []
  return [
    describeMistake('spec/store-path', {
      detail: `${count} environments would share one file, and each would take the other's people for its own.`,
      hint: 'put {env} into the path, as in duckdb:.muster/{env}.duckdb',
      at: at(),
    }),
  ]
}

const checkUrls = ({ written, source }: WorkspaceSpec): readonly Diagnostic[] =>
  Object.entries(written.environments).flatMap(([name, environment]) =>
    (['customerio', 'moengage'] as const).flatMap(vendor => {
      const url = environment[vendor].base_url
      if (url === undefined || !isInsecure(url)) return []
      return [
        describeMistake('spec/insecure-url', {
          detail: 'Every call carries keys, and http shows them to everybody on the way.',
          hint: 'use https; http is for this machine only (localhost, 127.0.0.1)',
          at: source.locate(['environments', name, vendor, 'base_url']),
        }),
      ]
    }),
  )

const isInsecure = (url: string): boolean => {
  if (!url.startsWith('http:')) return false
  const host = /^http:\/\/(\[[^\]]*\]|[^/:]*)/.exec(url)?.[1] ?? ''
  return !isLoopback(host)
}

/** Two environments with a store each would fight over the same cohorts. */
const checkSharedTargets = ({ written, source }: WorkspaceSpec): readonly Diagnostic[] => {
  const first = new Map<string, string>()
  return Object.entries(written.environments).flatMap(([name, environment]) => {
    const target = describeTarget(environment)
    const firstName = first.get(target)
    if (firstName === undefined) {
      first.set(target, name)
      return []
    }
    return [
      describeMistake('spec/shared-workspace', {
        severity: 'warning',
        detail: `${quoteText(firstName)} and ${quoteText(name)} would change the same cohorts and know nothing of each other.`,
        hint: 'give each environment a MoEngage workspace of its own',
        at: source.locate(['environments', name, 'moengage', 'workspace_id']),
      }),
    ]
  })
}

const describeTarget = ({ moengage }: WrittenEnvironment): string =>
  [moengage.data_center, moengage.workspace_id, moengage.base_url ?? ''].join(' ')
