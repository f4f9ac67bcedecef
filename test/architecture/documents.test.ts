import { existsSync } from 'node:fs'
import { posix } from 'node:path'
import { describe, expect, test } from 'vitest'
import { listFiles, ROOT, readText } from './source.ts'

const DOCUMENTS = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'SECURITY.md',
  ...listFiles('docs').filter(path => path.endsWith('.md')),
]

const linksOf = (path: string): readonly string[] =>
  [...readText(path).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, link = '']) =>
    posix.join(posix.dirname(path), link),
  )

describe('documents stay true', () => {
  test.each(DOCUMENTS)('every link of %s leads somewhere', path => {
    expect(linksOf(path).filter(link => !existsSync(`${ROOT}${link}`))).toEqual([])
  })

  test('the spec in the README is the one that is shipped', () => {
    expect(readText('README.md')).toContain(readText('audiences/cart-abandon.yaml'))
  })

  test('docs/dependencies.md has a line for each direct dependency, at the version that is locked, and no other', () => {
    const manifest = JSON.parse(readText('package.json')) as Record<string, Record<string, string>>
    const { packages } = JSON.parse(readText('package-lock.json')) as {
      packages: Record<string, { version: string }>
    }
    const locked = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }).map(
      name => `${name} ${packages[`node_modules/${name}`]?.version}`,
    )
    const listed = [...readText('docs/dependencies.md').matchAll(/^\| (\S+) \| (\d\S*) \|/gm)].map(
      ([, name, version]) => `${name} ${version}`,
    )
    expect(listed.sort()).toEqual(locked.sort())
  })

  test('decisions are numbered without a gap, and begin with their number', () => {
    const names = listFiles('docs/decisions').map(path => posix.basename(path))
    expect(names.map(name => Number(name.slice(0, 4)))).toEqual(names.map((_name, index) => index + 1))
    const untitled = names.filter(
      name => !readText(`docs/decisions/${name}`).startsWith(`# ${name.slice(0, 4)}: `),
    )
    expect(untitled).toEqual([])
  })
})
