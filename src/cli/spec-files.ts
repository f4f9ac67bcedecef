import { closeSync, constants, type Dirent, openSync, readdirSync, readSync } from 'node:fs'
import { join, sep } from 'node:path'
import { compareText, type Diagnostic } from '../model/diagnostic.ts'
import { describeMistake } from '../spec/codes.ts'
import { MAX_SPEC_BYTES, type SpecFile } from '../spec/parse.ts'

/** What a folder holds. Paths are sorted and shown with forward slashes everywhere. */
export interface ListedSpecs {
  readonly shownDirectory: string
  readonly paths: readonly string[]
  readonly diagnostics: readonly Diagnostic[]
}

/** Absent on Windows, where a pipe cannot lie in a folder. Following a link or waiting for a pipe would be a mistake. */
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

/** Finds the spec files of a folder and its subfolders. Names that begin with a dot are nobody's spec. */
export const listSpecFiles = (directory: string): ListedSpecs => {
  const shownDirectory = showPath(directory)
  const paths: string[] = []
  const diagnostics: Diagnostic[] = []
  const folders = [shownDirectory]
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const entries = listEntries(folder, shownDirectory)
    if (!Array.isArray(entries)) {
      diagnostics.push(entries)
      continue
    }
    for (const entry of entries) {
      if (entry.name.startsWith('.')) continue
      const path = `${folder}/${entry.name}`
      const refusal = refuseEntry(entry, path, shownDirectory)
      if (refusal) diagnostics.push(refusal)
      else if (entry.isDirectory()) folders.push(path)
      else if (entry.name.endsWith('.yaml')) paths.push(path)
    }
  }
  return { shownDirectory, paths: paths.sort(compareText), diagnostics }
}

// One more byte than is allowed tells that a file is too large, without asking for its size first.
const buffer = Buffer.allocUnsafe(MAX_SPEC_BYTES + 1)

/**
 * Reads one file, up to the limit. Synchronous on purpose: for many small files it takes an eighth of the time that
 * promises do, and it cannot run out of file handles.
 */
export const readSpecFile = (path: string): SpecFile | Diagnostic => {
  try {
    const handle = openSync(path, OPEN_FLAGS)
    try {
      return { path, bytes: new Uint8Array(buffer.subarray(0, fillBuffer(handle))) }
    } finally {
      closeSync(handle)
    }
  } catch (error) {
    return describeUnreadable(path, error)
  }
}

const fillBuffer = (handle: number): number => {
  let filled = 0
  for (;;) {
    const count = readSync(handle, buffer, filled, buffer.length - filled, null)
    filled += count
    if (count === 0 || filled === buffer.length) return filled
  }
}

const listEntries = (folder: string, root: string): Dirent[] | Diagnostic => {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch (error) {
    if (folder !== root || !isMissing(error)) return describeUnreadable(folder, error)
    return describeMistake('spec/no-directory', {
      detail: `${folder}/ is not there.`,
      hint: 'start muster where the folder is, or name another with --dir',
    })
  }
}

const refuseEntry = (entry: Dirent, path: string, root: string): Diagnostic | undefined => {
  const at = { path, line: 1, column: 1 }
  if (entry.isSymbolicLink())
    return describeMistake('spec/symlink', {
      detail: 'What it leads to is outside of what a reviewer sees.',
      hint: 'put the file itself here',
      at,
    })
  if (entry.isDirectory()) return undefined
  if (entry.name === 'workspace.yaml' && path !== `${root}/workspace.yaml`)
    return describeMistake('spec/misplaced-workspace', {
      detail: `There is one workspace, and it is declared in ${root}/workspace.yaml.`,
      hint: 'move its contents there',
      at,
    })
  // Skipping such a file in silence would retire the audience that it declares.
  if (/\.ya?ml$/i.test(entry.name) && !entry.name.endsWith('.yaml'))
    return describeMistake('spec/file-name', {
      detail: 'Only names that end in ".yaml" are read.',
      hint: `rename it to ${entry.name.replace(/\.ya?ml$/i, '.yaml')}`,
      at,
    })
  return undefined
}

const describeUnreadable = (path: string, error: unknown): Diagnostic =>
  describeMistake('spec/unreadable', {
    detail: `The system says ${error instanceof Error && 'code' in error ? String(error.code) : 'no'}.`,
    hint: 'check its type and permissions',
    at: { path, line: 1, column: 1 },
  })

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT'

/** As it was given, but tidy: `./audiences/` → `audiences`. Diagnostics show paths that the user can open. */
const showPath = (directory: string): string => {
  const tidy = join(directory).split(sep).join('/')
  return tidy.length > 1 ? tidy.replace(/\/$/, '') : tidy
}
