import { execFileSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { listFiles, ROOT, readText } from '../architecture/source.ts'

const ACTION = '.github/actions/muster'

/** What a bundle imports at its start, without being asked. */
const importsOf = (code: string): readonly string[] => [
  ...new Set([...code.matchAll(/(?:^|;|\n)import[^'"();]*["']([^"']+)["']/g)].map(([, name]) => name ?? '')),
]

type Locked = Readonly<Record<string, { version: string; integrity?: string; resolved?: string }>>

const readLock = (path: string): Locked => (JSON.parse(readText(path)) as { packages: Locked }).packages

describe('the bundle of the action', () => {
  test('runs without anything installed: it imports what Node brings, and nothing else', () => {
    for (const name of ['action', 'cli'])
      for (const imported of importsOf(readText(`${ACTION}/dist/${name}/main.js`)))
        expect(imported.startsWith('node:') || NODES_OWN.has(imported), imported).toBe(true)
  })

  test('holds no native module, and carries the licences of what it holds', () => {
    expect(listFiles(ACTION).filter(path => path.endsWith('.node'))).toEqual([])
    expect(readText(`${ACTION}/dist/LICENSES.txt`)).toContain('octokit 5.')
  })

  test('installs the one engine that may be needed by exact version and checksum, from no named registry', () => {
    const own = readLock(`${ACTION}/package-lock.json`)
    const root = readLock('package-lock.json')
    for (const [path, { version, integrity, resolved }] of Object.entries(own)) {
      if (path === '') continue
      expect(resolved).toBeUndefined()
      expect({ version, integrity }).toEqual({
        version: root[path]?.version,
        integrity: root[path]?.integrity,
      })
    }
  })

  test('asks the engine for every name that the store uses of it', () => {
    const used = listFiles('src/store').flatMap(path =>
      [...readText(path).matchAll(/const \{ ([^}]+) \} = await import\('@duckdb\/node-api'\)/g)].flatMap(
        ([, names]) => names?.split(', ') ?? [],
      ),
    )
    const given =
      /export const \{ ([^}]+) \} = engine/.exec(readText('script/engine.mjs'))?.[1]?.split(', ') ?? []
    expect([...new Set(used)].sort()).toEqual([...given].sort())
  })

  test('validates as it stands', () => {
    const told = execFileSync(process.execPath, [`${ACTION}/dist/cli/main.js`, 'validate'], {
      cwd: ROOT,
      encoding: 'utf8',
    })
    expect(told).toContain('audiences valid in audiences/')
  })
})

/** Node's own modules by their old names, as packages written long ago ask for them. */
const NODES_OWN = new Set([
  'buffer',
  'crypto',
  'dns',
  'events',
  'fs',
  'net',
  'os',
  'path',
  'stream',
  'string_decoder',
  'tls',
  'url',
  'util',
])
