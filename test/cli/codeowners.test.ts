import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { type CodeownersOptions, runCodeowners } from '../../src/cli/codeowners.ts'
import type { CliContext } from '../../src/cli/context.ts'
import { failureOf } from '../../src/model/failure.ts'
import { placeOwners } from '../../src/render/codeowners.ts'
import { PLAIN } from '../../src/render/paint.ts'

const folders: string[] = []
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true })
})

/** A repository with the shipped programme. */
const openRepository = async (folder = 'audiences') => {
  const root = await mkdtemp(join(tmpdir(), 'muster-owners-'))
  folders.push(root)
  await mkdir(join(root, '.git'))
  await cp(new URL('../../audiences', import.meta.url), join(root, folder), { recursive: true })
  const run = async (options: Partial<CodeownersOptions> = {}) => {
    const said = { out: '', err: '' }
    const context = {
      print: (text: string) => {
        said.out += text
      },
      warn: (text: string) => {
        said.err += text
      },
      paint: PLAIN,
      width: 100,
      // The command touches nothing else of its surroundings.
    } as CliContext
    const common = { dir: join(root, folder), env: 'live', json: false, check: false }
    try {
      return { exitCode: await runCodeowners({ ...common, ...options }, context), failed: undefined, ...said }
    } catch (error) {
      return { exitCode: 1, failed: failureOf(error)?.code, ...said }
    }
  }
  return {
    run,
    read: (path: string) => readFile(join(root, path), 'utf8'),
    write: async (path: string, text: string) => {
      await mkdir(join(root, path, '..'), { recursive: true })
      await writeFile(join(root, path), text)
    },
  }
}

describe('muster codeowners', () => {
  test('has GitHub ask those who decide: files by their owner, all else by anybody who approves', async () => {
    const { run, read } = await openRepository()
    expect((await run()).exitCode).toBe(0)
    expect(await read('.github/CODEOWNERS')).toMatchInlineSnapshot(`
      "# BEGIN muster: written by \`muster codeowners\` from the owners in the specs. Do not edit.
      /audiences/                             @acme/crm-platform @acme/growth @acme/lifecycle @acme/loyalty
      /audiences/active-in-app.yaml           @acme/crm-platform
      /audiences/cart-abandon.yaml            @acme/lifecycle
      /audiences/internal-qa.yaml             @acme/crm-platform
      /audiences/recent-purchasers.yaml       @acme/crm-platform @acme/lifecycle
      /audiences/starter-kit-cross-sell.yaml  @acme/growth @acme/lifecycle
      /audiences/vip.yaml                     @acme/loyalty
      /audiences/winback.yaml                 @acme/lifecycle
      # END muster
      "
    `)
  })

  test('a second run changes nothing, and --check agrees', async () => {
    const { run, read } = await openRepository()
    await run()
    const first = await read('.github/CODEOWNERS')
    expect((await run()).out).toContain('is what the specs say')
    expect((await run({ check: true })).exitCode).toBe(0)
    expect(await read('.github/CODEOWNERS')).toBe(first)
  })

  test('--check writes nothing, shows the difference, and fails when the file is stale', async () => {
    const { run, read, write } = await openRepository()
    expect(await run({ check: true })).toMatchObject({ exitCode: 1, failed: 'codeowners/stale' })
    await expect(read('.github/CODEOWNERS')).rejects.toThrow()
    await run()
    const vip = await read('audiences/vip.yaml')
    await write('audiences/vip.yaml', vip.replace('["@acme/loyalty"]', '["@acme/loyalty", "@acme/care"]'))
    const { out, failed } = await run({ check: true })
    expect(failed).toBe('codeowners/stale')
    expect(out).toMatch(/\+\/audiences\/vip\.yaml +@acme\/care @acme\/loyalty\n/)
  })

  test('lines of others stay, before and after', async () => {
    const { run, read, write } = await openRepository()
    await write('.github/CODEOWNERS', '* @acme/everyone\n')
    await run()
    const text = await read('.github/CODEOWNERS')
    expect(text.startsWith('* @acme/everyone\n\n# BEGIN muster')).toBe(true)
    await write('.github/CODEOWNERS', `${text}/src/ @acme/developers\n`)
    await run()
    expect(await read('.github/CODEOWNERS')).toBe(`${text}/src/ @acme/developers\n`)
  })

  test('the file that GitHub reads is written, wherever it is: another would hide it', async () => {
    const { run, read, write } = await openRepository()
    await write('CODEOWNERS', '* @acme/everyone\n')
    await run()
    expect(await read('CODEOWNERS')).toContain('# BEGIN muster')
    await expect(read('.github/CODEOWNERS')).rejects.toThrow()
  })

  test('a folder further down, with a space in its name', async () => {
    const { run, read } = await openRepository('crm/our audiences')
    await run()
    expect(await read('.github/CODEOWNERS')).toMatch(/^\/crm\/our\\ audiences\/vip\.yaml +@acme\/loyalty$/m)
  })

  test('a folder that CODEOWNERS cannot name is refused', async () => {
    const { run } = await openRepository('audiences [live]')
    expect(await run()).toMatchObject({ exitCode: 1, failed: 'codeowners/unusual-path' })
  })

  test('invalid specs say so, and write nothing', async () => {
    const { run, read, write } = await openRepository()
    await write('audiences/vip.yaml', 'id: vip\n')
    const { exitCode, err } = await run()
    expect([exitCode, err.includes('spec/missing-key')]).toEqual([1, true])
    await expect(read('.github/CODEOWNERS')).rejects.toThrow()
  })

  test('is data for machines', async () => {
    const { run } = await openRepository()
    expect(JSON.parse((await run({ json: true })).out)).toMatchObject({ changed: true })
  })
})

test.each`
  story                     | before
  ${'a begin without end'}  | ${'# BEGIN muster\n/a @b\n'}
  ${'an end without begin'} | ${'/a @b\n# END muster\n'}
  ${'the wrong way round'}  | ${'# END muster\n# BEGIN muster\n'}
  ${'two blocks'}           | ${'# BEGIN muster\n# END muster\n# BEGIN muster\n# END muster\n'}
`('marks that do not belong together replace nothing: $story', ({ before }) => {
  expect(placeOwners(before, 'block')).toBeUndefined()
})
