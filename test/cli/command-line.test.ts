import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }

const { version } = manifest

/** The built command in a process of its own, as a shell starts it. `script/test` builds before it tests. */
const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const ROOT = fileURLToPath(new URL('../../', import.meta.url))

interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

const muster = async (
  args: readonly string[],
  variables: Record<string, string> = {},
  cwd = ROOT,
): Promise<Ran> => {
  const { PATH, HOME } = process.env
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd,
    env: { PATH, HOME, ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = { out: '', err: '' }
  child.stdout.on('data', chunk => {
    said.out += chunk
  })
  child.stderr.on('data', chunk => {
    said.err += chunk
  })
  const [code] = (await once(child, 'close')) as [number]
  return { code, ...said }
}

const folders: string[] = []
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true })
})
const emptyFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'muster-cli-'))
  folders.push(folder)
  return folder
}

describe('what scripts rely on', () => {
  test('--version is the version and nothing else', async () => {
    expect(await muster(['--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' })
  })

  test.each([
    ['validate', ['--json']],
    ['fmt', ['--check']],
    ['plan', ['--out', '--comment', '--only', '--offline', '--base', '--detailed-exitcode']],
    ['apply', ['--yes', '--only', '[plan]']],
    ['sync', ['--only', '--allow', '--full']],
    ['drift', ['--only']],
    ['init', ['--name', '--region', '--testers', '--segment-name', '--used-by']],
    ['doctor', []],
    ['codeowners', ['--check', '--file']],
    ['qa', ['<id>', '--by', '--note', '--yes']],
    ['explain', ['<code-or-id>', '--offline']],
    ['import', ['--cohort', '--segment', '--id', '--cohort-id', '--team', '--dry-run', '--yes']],
    ['report', []],
    ['state list', []],
    ['state show', ['<address>']],
    ['state mv', ['<old-id>', '<new-id>']],
    ['state rm', ['<id-or-address>', '--yes']],
    ['state rebuild', ['--yes']],
    ['state unlock', ['<lock-id>']],
    ['emulate', ['--customerio-port', '--moengage-port', '--population', '--seed']],
    ['demo', []],
  ])('%s --help names its options and the common ones, with an example', async (command, options) => {
    const { code, out } = await muster([...command.split(' '), '--help'])
    expect(code).toBe(0)
    for (const word of [
      ...options,
      '--dir',
      '--env',
      '--store',
      '--json',
      '--now',
      'Example:\n  $ muster ',
    ]) {
      expect(out).toContain(word)
    }
  })

  test('validate works anywhere, without network, key or store, and leaves nothing behind', async () => {
    const { code, out } = await muster(['validate'])
    expect(out).toBe('7 audiences valid in audiences/\n')
    expect(code).toBe(0)
  })

  test('options may stand before or after the command', async () => {
    const before = await muster(['--json', '--dir', 'audiences', 'validate'])
    const after = await muster(['validate', '--dir', 'audiences', '--json'])
    expect(JSON.parse(before.out)).toEqual({ ok: true, files: 8, audiences: 7, diagnostics: [] })
    expect(after).toEqual(before)
  })

  test.each([
    ['an unknown command', ['pln'], 1, 'Did you mean plan?'],
    ['an unknown option', ['plan', '--onyl'], 1, 'Did you mean --only?'],
    ['a missing key', ['plan'], 1, 'The variable CUSTOMERIO_APP_KEY is not set'],
    ['an unknown environment', ['plan', '--env', 'locl'], 1, 'did you mean "local"?'],
    ['a folder that is not there', ['plan', '--dir', 'nowhere'], 1, 'There is no such folder'],
    ['a clock without a zone', ['plan', '--now', '2026-11-23 10:00'], 1, 'is not an instant with a zone'],
    [
      'a database that is not named whole',
      ['plan', '--store', 'postgres://db'],
      1,
      'The URL of the database',
    ],
    [
      'a port that is none',
      ['emulate', '--customerio-port', '99999'],
      1,
      'must be a whole number from 0 to 65535',
    ],
    ['a base without --offline', ['plan', '--base', 'audiences'], 1, 'with --offline alone'],
    ['an audience that is not declared', ['sync', '--only', 'vpi'], 1, 'There is no audience "vpi"'],
  ])('%s: exit code, and one hint', async (_story, args, code, message) => {
    const ran = await muster(args)
    expect(ran.err).toContain(message)
    expect(ran.code).toBe(code)
    expect(ran.out).toBe('')
  })

  test('plan --offline works in a clone that holds nothing but the files, and leaves nothing behind', async () => {
    const cwd = await emptyFolder()
    const ran = await muster(['plan', '--offline', '--dir', join(ROOT, 'audiences')], {}, cwd)
    expect(ran.code).toBe(0)
    expect(ran.out).toContain('acme-d2c · live')
    expect(await readdir(cwd)).toEqual([])
  })

  test.each([
    ['state', 'Usage: muster state'],
    ['state lst', 'Did you mean list?'],
    ['state show', "missing required argument 'address'"],
    ['state mv vip', "missing required argument 'new-id'"],
  ])('muster %s is half a command: 1', async (command, message) => {
    const ran = await muster(command.split(' '))
    expect(ran.err).toContain(message)
    expect(ran.code).toBe(1)
  })

  test('state list needs no key, and options may stand on either side of list', async () => {
    const store = `duckdb:${join(await emptyFolder(), 'state.duckdb')}`
    const before = await muster(['state', '--store', store, '--json', 'list'])
    expect(JSON.parse(before.out)).toMatchObject({ store_id: null, objects: [] })
    expect(await muster(['state', 'list', '--json', '--store', store])).toEqual(before)
  })

  test('NO_COLOR wins over FORCE_COLOR; a pipe is not coloured', async () => {
    const cwd = await emptyFolder()
    const args = ['validate']
    const esc = String.fromCharCode(27)
    expect((await muster(args, {}, cwd)).out).not.toContain(esc)
    expect((await muster(args, { FORCE_COLOR: '1' }, cwd)).out).toContain(esc)
    expect((await muster(args, { FORCE_COLOR: '1', NO_COLOR: '1' }, cwd)).out).not.toContain(esc)
  })
})

describe('emulate', () => {
  test('prints its addresses, answers, and is gone after an interrupt', async () => {
    const child = spawn(
      process.execPath,
      [MAIN, 'emulate', '--customerio-port', '0', '--moengage-port', '0', '--population', '50', '--json'],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    )
    const [line] = (await once(child.stdout, 'data')) as [Buffer]
    const { customerio } = JSON.parse(line.toString()) as { customerio: string }
    const clock = await fetch(`${customerio}/_emulator/clock`)
    expect(clock.status).toBe(200)
    child.kill('SIGINT')
    const [code] = (await once(child, 'exit')) as [number]
    expect(code).toBe(0)
    await expect(fetch(`${customerio}/_emulator/clock`)).rejects.toThrow()
  })
})
