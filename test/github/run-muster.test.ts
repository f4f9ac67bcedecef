import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { createMuster } from '../../src/action/run-muster.ts'

const folders: string[] = []
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true })
})

/** Runs a program that stands for muster, and tells what the runner reads meanwhile. */
const run = async (code: string, args: readonly string[], variables: NodeJS.ProcessEnv = {}) => {
  const folder = await mkdtemp(join(tmpdir(), 'muster-program-'))
  folders.push(folder)
  const program = join(folder, 'program.mjs')
  await writeFile(program, code)
  const interrupts: ((signal: NodeJS.Signals) => void)[] = []
  let log = ''
  const muster = createMuster({
    program,
    variables,
    createToken: () => 'only-we-know-this',
    write: text => {
      log += text
    },
    onInterrupt: stop => {
      interrupts.push(stop)
      return () => void interrupts.splice(0)
    },
  })
  const end = muster(args, { shown: true })
  return { end, interrupts, log: () => log }
}

describe('a command that the action runs', () => {
  test('prints between two marks, errors too: the runner acts on nothing of it', async () => {
    const { end, log } = await run(
      'console.error("::error::from stderr"); console.log("::add-mask::x"); process.exitCode = 3',
      ['plan'],
    )
    expect(await end).toEqual({ exitCode: 3, stdout: '::add-mask::x\n' })
    const lines = log().trim().split('\n')
    expect(lines[0]).toBe('::stop-commands::only-we-know-this')
    expect(lines.at(-1)).toBe('::only-we-know-this::')
    expect([...lines].sort()).toContain('::error::from stderr')
  })

  const SECRETS = {
    INPUT_TOKEN: 'the-token',
    INPUT_AUTHOR: 'muster-app[bot]',
    GITHUB_TOKEN: 'the-token',
    ACTIONS_RUNTIME_TOKEN: 'another',
    MOENGAGE_DATA_KEY: 'key',
  }
  const SHOW =
    'console.log(Object.keys(process.env).filter(key => /^(INPUT|GITHUB|ACTIONS|MUSTER|MOENGAGE)_/.test(key)).sort().join())'

  test.each(['plan', 'apply', 'sync'])('%s is given the keys and no token', async command => {
    const { end } = await run(SHOW, [command], SECRETS)
    expect((await end).stdout).toBe('MOENGAGE_DATA_KEY\n')
  })

  test('monitor is given the token: it keeps an issue', async () => {
    const { end } = await run(SHOW, ['monitor'], SECRETS)
    expect((await end).stdout).toBe('GITHUB_TOKEN,MOENGAGE_DATA_KEY,MUSTER_GITHUB_AUTHOR\n')
  })

  test('is told of an interruption, and was then partly done', async () => {
    const { end, interrupts, log } = await run('console.log("ready"); setInterval(() => {}, 1000)', ['sync'])
    while (!log().includes('ready')) await new Promise(resolve => setTimeout(resolve, 5))
    interrupts[0]?.('SIGTERM')
    expect((await end).exitCode).toBe(4)
    expect(interrupts).toEqual([])
  })
})
