import { readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Root of the repository. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** One import, export-from or dynamic import. `path` is a file of `src/`, or else `package` is something installed. */
export interface Import {
  readonly path?: string
  readonly package?: string
}

export interface SourceFile {
  /** From the root, for example `src/engine/sync.ts`. */
  readonly path: string
  /** The first folder below `src/`, or the file itself: `engine`, `ports`. */
  readonly room: string
  readonly lines: number
  readonly imports: readonly Import[]
  /** The text without its comments. */
  readonly code: string
}

/** Every file of a folder and its subfolders, from the root, sorted. */
export const listFiles = (folder: string): readonly string[] =>
  readdirSync(`${ROOT}${folder}`, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => posix.join(folder, entry.parentPath.slice(`${ROOT}${folder}`.length), entry.name))
    .sort()

/** Text of a file from the root. */
export const readText = (path: string): string => readFileSync(`${ROOT}${path}`, 'utf8')

/** Everything below `src/` that a person wrote. */
export const readSource = (): readonly SourceFile[] =>
  listFiles('src')
    .filter(path => path.endsWith('.ts'))
    .map(path => {
      const text = readText(path)
      const code = dropComments(text)
      return {
        path,
        room: roomOf(path),
        lines: text.split('\n').length - 1,
        imports: listImports(path, code),
        code,
      }
    })

/** The room that a path of `src/` belongs to. */
export const roomOf = (path: string): string => path.split('/')[1]?.replace(/\.ts$/, '') ?? path

const dropComments = (text: string): string =>
  text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|\s)\/\/.*$/gm, '$1')

/** `import … from`, `export … from`, an import for its effect, and a dynamic one. */
const IMPORT = /^(?:import|export)\b[^'"=;]*\bfrom '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm

const listImports = (path: string, code: string): readonly Import[] =>
  [...code.matchAll(IMPORT)].map(([, from, effect, dynamic]) => {
    const specifier = from ?? effect ?? dynamic ?? ''
    return specifier.startsWith('.')
      ? { path: posix.join(posix.dirname(path), specifier) }
      : { package: packageOf(specifier) }
  })

/** `ajv/dist/2020.js` → `ajv`, `@hono/node-server` and `node:fs/promises` as they are. */
const packageOf = (specifier: string): string => {
  if (specifier.startsWith('node:')) return specifier
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
}

/** Every file that can be reached from one by any kind of import, itself included. */
export const reachableFrom = (start: string, files: readonly SourceFile[]): ReadonlySet<string> => {
  const byPath = new Map(files.map(file => [file.path, file]))
  const reached = new Set<string>()
  const waiting = [start]
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (reached.has(path)) continue
    reached.add(path)
    for (const each of byPath.get(path)?.imports ?? []) if (each.path) waiting.push(each.path)
  }
  return reached
}
