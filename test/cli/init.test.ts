import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import type { CliContext } from '../../src/cli/context.ts'
import { runFmt } from '../../src/cli/fmt.ts'
import { type InitOptions, runInit } from '../../src/cli/init.ts'
import { runValidate } from '../../src/cli/validate.ts'
import { failureOf } from '../../src/model/failure.ts'
import { PLAIN } from '../../src/render/paint.ts'

const folders: string[] = []
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true })
})

const NOW = '2026-11-23T10:00:00.000Z'
const LOOK = { json: false, paint: PLAIN, width: 100 }

/** An empty folder. With `answers` somebody is there to be asked. */
const openFolder = async (...answers: readonly string[]) => {
  const cwd = await mkdtemp(join(tmpdir(), 'muster-init-'))
  folders.push(cwd)
  const dir = join(cwd, 'audiences')
  const said = { out: '', err: '' }
  const waiting = [...answers]
  const context = {
    print: (text: string) => {
      said.out += text
    },
    warn: (text: string) => {
      said.err += text
    },
    paint: PLAIN,
    width: 100,
    clock: { now: () => NOW },
    ...(answers.length > 0
      ? {
          ask: async (question: string) => {
            said.out += question
            return waiting.shift() ?? ''
          },
        }
      : {}),
    // The command touches nothing else of its surroundings.
  } as unknown as CliContext
  const run = async (given: InitOptions['given'] = {}, options: Partial<InitOptions> = {}) => {
    try {
      const exitCode = await runInit({ dir, env: 'live', json: false, cwd, given, ...options }, context)
      return { exitCode, failed: undefined, ...said }
    } catch (error) {
      const failure = failureOf(error)
      if (!failure) throw error
      return { exitCode: 1, failed: failure.code, ...said, err: `${failure.detail} ${failure.hint}` }
    }
  }
  const validate = () => runValidate({ directory: dir, now: NOW, ...LOOK })
  return { cwd, dir, run, validate, read: (path: string) => readFile(join(cwd, path), 'utf8') }
}

/** All that has no sensible default. */
const GIVEN = {
  moengageWorkspace: 'ACME01',
  contact: 'lifecycle@example.com',
  approver: '@acme/lifecycle',
  testers: 'emp_001, emp_002',
  segment: '11',
  segmentName: 'VIP customers',
  usedBy: 'VIP care',
}

describe('by options', () => {
  test('writes a workspace and an audience that are valid without a word, and in order', async () => {
    const { dir, cwd, run, validate, read } = await openFolder()
    const { exitCode, out } = await run(GIVEN)
    expect(exitCode).toBe(0)
    expect(out.replaceAll(cwd, '')).toMatchInlineSnapshot(`
      "Wrote /audiences/workspace.yaml
      Wrote /audiences/vip-customers.yaml
      Wrote .muster/.gitignore

      Next:
        export CUSTOMERIO_APP_KEY=… MOENGAGE_DATA_KEY=…
        muster doctor --dir /audiences    whether keys, regions, identifiers and testers are right
        muster plan --dir /audiences      what would be made; it writes to neither vendor
        muster apply --dir /audiences     make it
        muster qa vip-customers --dir /audiences --by "Your Name"    send the testers, and sign it off

      Nobody but testers is sent until the stage is canary or live, so one of them must be in the segment.
      "
    `)
    expect(await read('audiences/workspace.yaml')).toMatchInlineSnapshot(`
      "name: crm
      partner: muster # MoEngage sees this name in every call; never change it
      environments:
        live:
          customerio: { region: us, app_key_env: CUSTOMERIO_APP_KEY } # the variable's name, never the key
          moengage: { data_center: "01", workspace_id: ACME01, data_key_env: MOENGAGE_DATA_KEY }
      store: "duckdb:.muster/{env}.duckdb"
      identifier: { key: id, min_coverage: 95% } # must be what the app gives MoEngage as the user's id
      qa: { testers: ["emp_001", "emp_002"], required: true } # colleagues, never customers
      teams: { lifecycle: { contact: "lifecycle@example.com", approvers: ["@acme/lifecycle"] } }
      "
    `)
    expect(await read('audiences/vip-customers.yaml')).toMatchInlineSnapshot(`
      "id: vip-customers
      name: ORC__VipCustomers__30d
      # Next: say who they are and why, in words a colleague understands.
      description: "The people of \\"VIP customers\\" in Customer.io. Campaigns address them once testers were seen to arrive."
      intent: orchestration # activation, once it names whom it leaves out (suppressed_by)
      use_case: vip-customers
      owner: { team: lifecycle, contact: "lifecycle@example.com", approvers: ["@acme/lifecycle"] }
      change_process: One approval from lifecycle; QA stage first.
      source: { segment: 11, name: "VIP customers" }
      exit: { rule: remove } # whoever leaves the segment leaves the cohort
      timing: { window: 30d, sync_every: 1h }
      used_by: ["VIP care"]
      rollout: { stage: qa } # testers alone; then canary, then live
      "
    `)
    expect(validate()).toMatchObject({ exitCode: 0, output: `1 audience valid in ${dir}/\n` })
    expect(runFmt({ directory: dir, check: true, ...LOOK }).exitCode).toBe(0)
    expect(await read('.muster/.gitignore')).toContain('\n*\n')
  })

  test('names all that is missing at once, and writes nothing', async () => {
    const { cwd, run } = await openFolder()
    const { failed, err } = await run({ segment: '11' })
    expect(failed).toBe('init/missing')
    for (const option of ['--moengage-workspace', '--contact', '--approver', '--testers', '--used-by'])
      expect(err).toContain(option)
    expect(await readdir(cwd)).toEqual([])
  })

  test.each`
    key           | value           | form
    ${'region'}   | ${'asia'}       | ${'--region must be us or eu'}
    ${'segment'}  | ${'VIP'}        | ${'--segment must be a number'}
    ${'id'}       | ${'VIP Kunden'} | ${'--id must be lower-case words with hyphens'}
    ${'window'}   | ${'a while'}    | ${'--window must be a duration'}
    ${'approver'} | ${'Jo'}         | ${'--approver must be @user or @organisation/team'}
  `('$key cannot be "$value"', async ({ key, value, form }) => {
    const { cwd, run } = await openFolder()
    expect(await run({ ...GIVEN, [key]: value })).toMatchObject({
      failed: 'init/bad-answer',
      err: expect.stringContaining(form),
    })
    expect(await readdir(cwd)).toEqual([])
  })

  test('is data for machines, and never asks them', async () => {
    const { dir, run } = await openFolder('an answer that nobody wants')
    const { out } = await run(GIVEN, { json: true })
    expect(JSON.parse(out)).toEqual({
      files: [`${dir}/workspace.yaml`, `${dir}/vip-customers.yaml`, '.muster/.gitignore'],
      audience: 'vip-customers',
    })
  })

  test('texts with quotes and colons stay what they are', async () => {
    const { run, validate } = await openFolder()
    await run({ ...GIVEN, segmentName: 'VIP: "best" #1', usedBy: "it's: {here}" })
    expect(validate().exitCode).toBe(0)
  })
})

describe('by questions', () => {
  test('asks for what is not said, offers what is likely, and asks again for what cannot be', async () => {
    const { run, validate, read } = await openFolder(
      '', // crm
      'asia',
      'eu',
      '02',
      'ACME01',
      '',
      'loyalty',
      'loyalty@example.com',
      '@acme/loyalty',
      'emp_001',
      '11',
      'VIP customers',
      '',
      '365d',
      'VIP care',
    )
    const { exitCode, out } = await run()
    expect(exitCode).toBe(0)
    expect(out).toContain("Customer.io's region, us or eu [us]: It must be us or eu.\n")
    expect(out).toContain('Its id stays for ever [vip-customers]: ')
    expect(await read('audiences/vip-customers.yaml')).toContain('name: ORC__VipCustomers__365d')
    expect(await read('audiences/workspace.yaml')).toContain('region: eu')
    expect(validate().output).toContain('1 audience valid')
  })

  test('whoever gives up has written nothing', async () => {
    const { cwd, run } = await openFolder('')
    expect((await run()).failed).toBe('init/missing')
    expect(await readdir(cwd)).toEqual([])
  })
})

describe('nothing is overwritten', () => {
  test('a workspace that is there', async () => {
    const { dir, run, read } = await openFolder()
    await mkdir(dir)
    await writeFile(join(dir, 'workspace.yaml'), 'mine: true\n')
    expect((await run(GIVEN)).failed).toBe('cli/file-exists')
    expect(await read('audiences/workspace.yaml')).toBe('mine: true\n')
    expect(await readdir(dir)).toEqual(['workspace.yaml'])
  })

  test('an audience of that id', async () => {
    const { dir, run } = await openFolder()
    await mkdir(dir)
    await writeFile(join(dir, 'vip-customers.yaml'), 'mine: true\n')
    expect((await run(GIVEN)).failed).toBe('cli/file-exists')
    expect(await readdir(dir)).toEqual(['vip-customers.yaml'])
  })

  test('what keeps the store out of git', async () => {
    const { cwd, run, read } = await openFolder()
    await mkdir(join(cwd, '.muster'))
    await writeFile(join(cwd, '.muster', '.gitignore'), '# mine\n')
    await run(GIVEN)
    expect(await read('.muster/.gitignore')).toBe('# mine\n')
  })
})
