import { describe, expect, test } from 'vitest'
import { listFiles, readSource, readText } from './source.ts'

const LONGEST_FILE = 400
const LONG_FILE = 250

/** Files past 250 lines, each with the reason why it was not cut. Nothing passes 400. */
const LONG_FILES: Readonly<Record<string, string>> = {
  'src/ports.ts': 'interfaces only, all of them in one place: what the engine may ask of the world',
}

const files = readSource()
const written = files.filter(({ path }) => !path.includes('/generated/'))
const listPaths = (found: readonly { readonly path: string }[]): readonly string[] =>
  found.map(({ path }) => path)

describe('small rooms', () => {
  test(`no source file is longer than ${LONGEST_FILE} lines`, () => {
    expect(listPaths(written.filter(({ lines }) => lines > LONGEST_FILE))).toEqual([])
  })

  test(`those longer than ${LONG_FILE} lines are listed with a reason`, () => {
    expect(listPaths(written.filter(({ lines }) => lines > LONG_FILE))).toEqual(Object.keys(LONG_FILES))
  })

  test('no file is a drawer for odds and ends, or a barrel', () => {
    const named = [...listFiles('src'), ...listFiles('test')].filter(path =>
      /(?:^|\/)(?:utils?|helpers?|common|misc|index)(?:\.[a-z.]+$|\/)/.test(path),
    )
    expect(named).toEqual([])
  })
})

describe('habits', () => {
  test('no default exports', () => {
    expect(listPaths(files.filter(({ code }) => /\bexport default\b/.test(code)))).toEqual([])
  })

  test('no any', () => {
    expect(listPaths(written.filter(({ code }) => /[:<,|&(]\s*any\b|\bas any\b/.test(code)))).toEqual([])
  })

  test('no error of the compiler is silenced', () => {
    const suppressed = files.filter(({ path }) => /@ts-(?:ignore|expect-error|nocheck)/.test(readText(path)))
    expect(listPaths(suppressed)).toEqual([])
  })
})

describe('nothing of the machine it was written on', () => {
  const shipped = ['src', 'docs', 'audiences', 'schema', 'script', 'test']
    .flatMap(listFiles)
    .filter(path => /\.(?:ts|mjs|json|md|ya?ml|txt)$|^script\//.test(path))

  test('no absolute path of somebody’s machine', () => {
    // Put together here, so that this file does not find itself.
    const folders = ['work', 'home', 'root', 'tmp', 'Users'].join('|')
    const pattern = new RegExp(`(?<![\\w.~$}/*])/(?:${folders})/[\\w.-]`)
    expect(shipped.filter(path => pattern.test(readText(path)))).toEqual([])
  })
})

describe('the lock file', () => {
  interface LockedPackage {
    readonly resolved?: string
    readonly optionalDependencies?: Readonly<Record<string, string>>
  }

  const { packages } = JSON.parse(readText('package-lock.json')) as {
    packages: Readonly<Record<string, LockedPackage>>
  }

  test('names no registry', () => {
    const resolved = Object.entries(packages).filter(([, each]) => each.resolved !== undefined)
    expect(resolved.map(([name]) => name)).toEqual([])
  })

  test('names the packages of other platforms too: npm ci refuses one that does not', () => {
    const wanted = Object.values(packages).flatMap(each => Object.keys(each.optionalDependencies ?? {}))
    const present = Object.keys(packages)
    const missing = wanted.filter(name => !present.some(key => key.endsWith(`node_modules/${name}`)))
    expect([...new Set(missing)]).toEqual([])
  })
})
