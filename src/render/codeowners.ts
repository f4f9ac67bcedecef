import type { Audience } from '../model/audience.ts'
import { compareText } from '../model/diagnostic.ts'
import type { Workspace } from '../model/workspace.ts'

/** Between these two lines everything is ours, and nothing outside of them. */
export const BEGIN =
  '# BEGIN muster: written by `muster codeowners` from the owners in the specs. Do not edit.'
export const END = '# END muster'

export interface OwnersInput {
  readonly workspace: Pick<Workspace, 'teams'>
  readonly audiences: readonly Pick<Audience, 'id' | 'owner'>[]
  /** Of the specs, from the root of the repository, without a slash at its ends. */
  readonly folder: string
}

/**
 * The lines that have GitHub ask those who decide. The last line that matches a file counts, so what is common comes
 * first. Whatever no audience owns, the workspace and files that are new among it, is for anybody who approves.
 */
export const writeOwners = ({ workspace, audiences, folder }: OwnersInput): string => {
  const all = [
    ...[...workspace.teams.values()].flatMap(({ approvers }) => approvers),
    ...audiences.flatMap(({ owner }) => owner.approvers),
  ]
  const lines = [
    { path: `/${folder}/`, owners: toOwners(all) },
    ...[...audiences]
      .sort((a, b) => compareText(a.id, b.id))
      .map(({ id, owner }) => ({ path: `/${folder}/${id}.yaml`, owners: toOwners(owner.approvers) })),
  ].filter(({ owners }) => owners !== '')
  const width = Math.max(0, ...lines.map(({ path }) => escapePath(path).length))
  return [
    BEGIN,
    ...lines.map(({ path, owners }) => `${escapePath(path).padEnd(width)}  ${owners}`),
    END,
  ].join('\n')
}

const toOwners = (approvers: readonly string[]): string => [...new Set(approvers)].sort(compareText).join(' ')

const escapePath = (path: string): string => path.replaceAll(' ', '\\ ')

/** What in a path GitHub would read as something else than itself. */
export const isUnusualPath = (path: string): boolean => /[[\]!#*?\\\t\n]/.test(path)

/**
 * The file with our lines in their place: where they were, else at its end, because there they count. Undefined when
 * the marks do not belong together.
 */
export const placeOwners = (before: string, block: string): string | undefined => {
  const lines = before.split('\n')
  const begins = indexesOf(lines, line => line.startsWith('# BEGIN muster'))
  const ends = indexesOf(lines, line => line.trimEnd() === END)
  const [begin] = begins
  const [end] = ends
  if (begin === undefined && end === undefined) {
    const kept = before === '' || before.endsWith('\n') ? before : `${before}\n`
    return `${kept}${kept === '' ? '' : '\n'}${block}\n`
  }
  if (begin === undefined || end === undefined || begins.length + ends.length > 2 || end < begin)
    return undefined
  return [...lines.slice(0, begin), block, ...lines.slice(end + 1)].join('\n')
}

const indexesOf = (lines: readonly string[], isMeant: (line: string) => boolean): readonly number[] =>
  lines.flatMap((line, index) => (isMeant(line) ? [index] : []))
