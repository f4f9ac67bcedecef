import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runFmt } from '../../src/cli/fmt.ts'
import { listSpecFiles } from '../../src/cli/spec-files.ts'
import { loadSpecs } from '../../src/cli/specs.ts'
import { PLAIN } from '../../src/render/paint.ts'
import { MAX_SPEC_BYTES } from '../../src/spec/parse.ts'
import { AUDIENCE, listFindings, WORKSPACE } from './folder-of.ts'

const IS_ROOT = process.getuid?.() === 0
const SHIPPED = fileURLToPath(new URL('../../audiences', import.meta.url))

let folder = ''

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'muster-specs-')), 'audiences')
  mkdirSync(folder)
  write('workspace.yaml', WORKSPACE)
  write('cart-abandon.yaml', AUDIENCE)
})

afterEach(() => rmSync(join(folder, '..'), { recursive: true, force: true }))

const write = (name: string, text: string): void => writeFileSync(join(folder, name), text)
const read = (name: string): string => readFileSync(join(folder, name), 'utf8')
const codesOf = (): readonly string[] => loadSpecs(folder).diagnostics.map(({ code }) => code)

describe('reading a folder', () => {
  test('subfolders are read, in an order that does not depend on the machine', () => {
    mkdirSync(join(folder, 'b'))
    mkdirSync(join(folder, 'a'))
    write('b/y.yaml', '')
    write('a/z.yaml', '')
    write('B.yaml', '')
    const { paths } = listSpecFiles(folder)
    expect(paths.map(path => path.slice(folder.length + 1))).toEqual([
      'B.yaml',
      'a/z.yaml',
      'b/y.yaml',
      'cart-abandon.yaml',
      'workspace.yaml',
    ])
  })

  test("what is no spec is nobody's business", () => {
    for (const name of ['README.md', '.draft.yaml', '.cart-abandon.yaml.swp', 'notes.txt']) write(name, '[')
    mkdirSync(join(folder, '.git'))
    write('.git/x.yaml', '[')
    expect(codesOf()).toEqual([])
  })

  test.each(['vip.yml', 'vip.YAML', 'workspace.yml'])('%s would silently be no audience', name => {
    write(name, AUDIENCE)
    expect(codesOf()).toEqual(['spec/file-name'])
  })

  test('symbolic links are refused, to files and to folders, whole or broken', () => {
    symlinkSync('/etc/hostname', join(folder, 'vip.yaml'))
    symlinkSync('/etc', join(folder, 'etc'))
    symlinkSync('nowhere', join(folder, 'broken.yaml'))
    expect(codesOf()).toEqual(['spec/symlink', 'spec/symlink', 'spec/symlink'])
  })

  test('a pipe does not keep anybody waiting', () => {
    execFileSync('mkfifo', [join(folder, 'vip.yaml')])
    expect(codesOf()).toEqual(['spec/empty'])
  })

  test('a file over the limit is not read further', () => {
    write('vip.yaml', '#'.repeat(MAX_SPEC_BYTES * 4))
    expect(listFindings(loadSpecs(folder))).toEqual(['spec/too-large 1:1'])
  })

  test.skipIf(IS_ROOT)('a file without permission is named, and the others are still checked', () => {
    write('vip.yaml', AUDIENCE)
    write('cart-abandon.yaml', 'a: [\n')
    chmodSync(join(folder, 'vip.yaml'), 0)
    expect(codesOf()).toEqual(['spec/syntax', 'spec/unreadable'])
  })

  test('a folder that is not there is one mistake with one hint', () => {
    const { diagnostics } = loadSpecs(join(folder, 'nowhere'))
    expect(diagnostics.map(({ code }) => code)).toEqual(['spec/no-directory'])
  })

  test('two thousand files need no more file handles than one', () => {
    for (let index = 0; index < 2_000; index += 1) write(`a-${index}.yaml`, '# nothing\n')
    expect(loadSpecs(folder).fileCount).toBe(2_002)
  })

  test('the programme that muster ships is valid', () => {
    expect(loadSpecs(SHIPPED).diagnostics).toEqual([])
  })
})

describe('muster fmt', () => {
  const fmt = (options: { check?: boolean; json?: boolean; directory?: string } = {}) =>
    runFmt({ directory: folder, check: false, json: false, paint: PLAIN, width: 100, ...options })

  test('writes what changed, keeps permissions, leaves nothing beside it', () => {
    write('cart-abandon.yaml', 'name: b # for ever\nid: a\n')
    chmodSync(join(folder, 'cart-abandon.yaml'), 0o640)
    expect(fmt()).toEqual({ output: '1 file formatted\n', exitCode: 0 })
    expect(read('cart-abandon.yaml')).toBe('id: a\nname: b # for ever\n')
    expect(statSync(join(folder, 'cart-abandon.yaml')).mode & 0o777).toBe(0o640)
    expect(readdirSync(folder).sort()).toEqual(['cart-abandon.yaml', 'workspace.yaml'])
    expect(fmt().output).toBe(`nothing to format in 2 files of ${folder}/\n`)
  })

  test('--check shows the difference, writes nothing, and fails', () => {
    write('cart-abandon.yaml', 'name: b\nid: a\n')
    expect(fmt({ check: true })).toEqual({
      output: `--- a${folder}/cart-abandon.yaml
+++ b${folder}/cart-abandon.yaml
@@ -1,2 +1,2 @@
-name: b
 id: a
+name: b

1 file would be formatted
`,
      exitCode: 1,
    })
    expect(read('cart-abandon.yaml')).toBe('name: b\nid: a\n')
  })

  test('a file that cannot be read stays as it is, and the others are formatted', () => {
    write('cart-abandon.yaml', 'name: b\nid: a\n')
    write('vip.yaml', 'name: [\n')
    const { output, exitCode } = fmt()
    expect(output).toContain('error: Not valid YAML [spec/syntax]')
    expect(output).toContain('1 file formatted, 1 left untouched')
    expect(exitCode).toBe(1)
    expect(read('vip.yaml')).toBe('name: [\n')
  })

  test('--json names the files', () => {
    write('cart-abandon.yaml', 'name: b\nid: a\n')
    const { output } = fmt({ check: true, json: true })
    expect(JSON.parse(output)).toEqual({
      ok: false,
      files: 2,
      changed: [`${folder}/cart-abandon.yaml`],
      diagnostics: [],
    })
  })

  test('a key that somebody pasted does not show in the difference', () => {
    write('workspace.yaml', 'partner: x\nname: y # app_key_env: 3f9c0ab1d2\n')
    expect(fmt({ check: true }).output).not.toContain('3f9c0ab1d2')
  })

  test('the programme that muster ships is formatted', () => {
    expect(fmt({ check: true, directory: SHIPPED }).exitCode).toBe(0)
  })
})
