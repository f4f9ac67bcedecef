import type { Audience } from '../model/audience.ts'
import { compareDiagnostics, compareText, type Diagnostic } from '../model/diagnostic.ts'
import type { WrittenAudience } from '../model/generated/audience.ts'
import type { WrittenWorkspace } from '../model/generated/workspace.ts'
import type { Instant } from '../model/time.ts'
import type { Workspace } from '../model/workspace.ts'
import { SPEC_POLICIES } from '../policy/policies.ts'
import { applyPolicies } from '../policy/policy.ts'
import { capDiagnostics } from './cap.ts'
import { describeMistake } from './codes.ts'
import { crossCheck } from './cross-check.ts'
import { normalizeAudience } from './normalize.ts'
import { normalizeWorkspace } from './normalize-workspace.ts'
import type { SpecFile } from './parse.ts'
import type { SpecValidators } from './schema-validator.ts'
import type { SourceMap } from './source-map.ts'
import { baseNameOf, type SpecSet, type WrittenSpec } from './spec-set.ts'
import { findUnsupported } from './unsupported.ts'
import { validateFile } from './validate-file.ts'

/** A folder of specs. Every path starts with `directory` and a slash. */
export interface SpecFolder {
  readonly directory: string
  readonly files: Iterable<SpecFile>
  /** What day it is, for waivers that run out. Absent: none has. */
  readonly now?: Instant
}

/** The written specs in canonical order, for digests: neither file order, folders, comments nor layout show in it. */
export interface SpecsDocument {
  readonly workspace: WrittenWorkspace | null
  readonly audiences: readonly WrittenAudience[]
}

/** What a folder of specs means, and everything that is wrong with it. */
export interface ValidatedSpecs {
  readonly directory: string
  /** How many files were read, the workspace included. */
  readonly fileCount: number
  readonly workspace?: Workspace
  /** Sorted by id. Only those without mistakes of their own; none when the workspace has some. */
  readonly audiences: readonly Audience[]
  readonly diagnostics: readonly Diagnostic[]
  /** What this version cannot carry out, as errors: for whatever plans or writes. `diagnostics` only warns of it. */
  readonly unsupported: readonly Diagnostic[]
  readonly document: SpecsDocument
  /** Texts of the files that diagnostics speak of, by path, for code frames. */
  readonly sources: ReadonlyMap<string, string>
}

interface SortedFiles {
  readonly workspace?: WrittenSpec<WrittenWorkspace>
  readonly audiences: readonly WrittenSpec<WrittenAudience>[]
  readonly declaredIds: ReadonlySet<string>
  readonly hasWorkspaceFile: boolean
  readonly diagnostics: readonly Diagnostic[]
  readonly sourceMaps: ReadonlyMap<string, SourceMap>
}

/** Validates everything and collects every mistake. Pure: the same bytes give the same answer in any order of files. */
export const validateSpecs = (
  { directory, files, now }: SpecFolder,
  validators: SpecValidators,
): ValidatedSpecs => {
  const sorted = validateFiles(directory, files, validators)
  const specs = toSpecSet(sorted)
  const meaning = normalizeSpecs(specs)
  const diagnostics = capDiagnostics(
    [
      ...sorted.diagnostics,
      ...checkFolder(directory, sorted),
      ...crossCheck(specs),
      ...findUnsupported(specs, 'warning'),
      ...judgeSpecs(specs, meaning, now),
    ].sort(compareDiagnostics),
  )
  return {
    directory,
    fileCount: sorted.sourceMaps.size,
    ...meaning,
    diagnostics,
    unsupported: findUnsupported(specs, 'error').toSorted(compareDiagnostics),
    document: {
      workspace: specs.workspace?.written ?? null,
      audiences: specs.audiences.map(({ written }) => written).sort((a, b) => compareText(a.id, b.id)),
    },
    sources: collectSources(diagnostics, sorted.sourceMaps),
  }
}

const validateFiles = (
  directory: string,
  files: Iterable<SpecFile>,
  validators: SpecValidators,
): SortedFiles => {
  const workspacePath = `${directory}/workspace.yaml`
  const audiences: WrittenSpec<WrittenAudience>[] = []
  const declaredIds = new Set<string>()
  const diagnostics: Diagnostic[] = []
  const sourceMaps = new Map<string, SourceMap>()
  let workspace: WrittenSpec<WrittenWorkspace> | undefined
  for (const file of files) {
    const isWorkspace = file.path === workspacePath
    if (!isWorkspace) declaredIds.add(baseNameOf(file.path))
    const checked = validateFile(file, isWorkspace ? validators.workspace : validators.audience)
    sourceMaps.set(file.path, checked.source)
    diagnostics.push(...checked.diagnostics)
    if (checked.value === undefined) continue
    // The schema has accepted the value, and the types are generated from the schema.
    if (isWorkspace)
      workspace = { written: checked.value as unknown as WrittenWorkspace, source: checked.source }
    else audiences.push({ written: checked.value as unknown as WrittenAudience, source: checked.source })
  }
  const hasWorkspaceFile = sourceMaps.has(workspacePath)
  return {
    ...(workspace ? { workspace } : {}),
    audiences,
    declaredIds,
    hasWorkspaceFile,
    diagnostics,
    sourceMaps,
  }
}

const toSpecSet = ({ workspace, audiences, declaredIds }: SortedFiles): SpecSet => ({
  ...(workspace ? { workspace } : {}),
  audiences: audiences.toSorted((a, b) => compareText(a.source.path, b.source.path)),
  declaredIds,
})

const checkFolder = (
  directory: string,
  { hasWorkspaceFile, declaredIds }: SortedFiles,
): readonly Diagnostic[] => {
  const found: Diagnostic[] = []
  if (!hasWorkspaceFile)
    found.push(
      describeMistake('spec/no-workspace', {
        detail: `${directory}/workspace.yaml says which accounts are meant, and it is not there.`,
        hint: `write ${directory}/workspace.yaml, or name the folder with --dir`,
      }),
    )
  if (declaredIds.size === 0)
    found.push(
      describeMistake('spec/no-audiences', {
        severity: 'warning',
        detail: `${directory}/ holds no audience file.`,
        hint: `write one, for example ${directory}/cart-abandon.yaml`,
      }),
    )
  return found
}

const normalizeSpecs = ({
  workspace,
  audiences,
}: SpecSet): Pick<ValidatedSpecs, 'workspace' | 'audiences'> => {
  if (!workspace) return { audiences: [] }
  const meant = normalizeWorkspace(workspace.written)
  return {
    workspace: meant,
    audiences: audiences
      .map(({ written }) => normalizeAudience(written, meant))
      .sort((a, b) => compareText(a.id, b.id)),
  }
}

const judgeSpecs = (
  specs: SpecSet,
  { workspace, audiences }: Pick<ValidatedSpecs, 'workspace' | 'audiences'>,
  now: Instant | undefined,
): readonly Diagnostic[] => {
  if (!workspace) return []
  const isPartial = audiences.length < specs.declaredIds.size
  const programme = { workspace, audiences, isPartial, ...(now === undefined ? {} : { now }) }
  const sources = new Map(specs.audiences.map(({ written, source }) => [written.id, source]))
  return applyPolicies(SPEC_POLICIES, programme, ({ audience, path }) =>
    (audience === undefined ? specs.workspace?.source : sources.get(audience))?.locate(path),
  )
}

const collectSources = (
  diagnostics: readonly Diagnostic[],
  sourceMaps: ReadonlyMap<string, SourceMap>,
): ReadonlyMap<string, string> => {
  const paths = new Set(diagnostics.map(({ at }) => at?.path ?? ''))
  return new Map(
    Array.from(sourceMaps.values())
      .filter(({ path }) => paths.has(path))
      .map(({ path, text }) => [path, text]),
  )
}
