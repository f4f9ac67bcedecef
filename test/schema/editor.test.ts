import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { ROOT, readProgramme, SCHEMAS } from './fixtures.ts'
import { type EditorCompletion, type LanguageServer, startLanguageServer } from './language-server.ts'

// A server is a process: on a busy machine its first answer takes its time.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 })

let server: LanguageServer

beforeAll(async () => {
  server = await startLanguageServer(ROOT.href.replace(/\/$/, ''))
})

afterAll(() => server.stop())

const programme = readProgramme()

const locate = (file: string): string => new URL(`audiences/${file}`, ROOT).href

/** What the list offers with the cursor at the end of the text. The text need not be a file. */
const completeAtEnd = async (file: string, text: string): Promise<readonly EditorCompletion[]> => {
  await server.openDocument(locate(file), text)
  const lines = text.split('\n')
  return server.completeAt(locate(file), lines.length - 1, lines.at(-1)?.length ?? 0)
}

const describeLabels = (completions: readonly EditorCompletion[]): ReadonlyMap<string, unknown> =>
  new Map(completions.map(({ label, documentation }) => [label, documentation]))

const AUDIENCE_LINE = '# yaml-language-server: $schema=../schema/audience.schema.json'

test.each(programme)('the editor has nothing to say about $file', async ({ file, text }) => {
  expect(await server.openDocument(locate(file), text)).toEqual([])
})

test('the editor underlines a misspelt key and an unknown stage', async () => {
  const { text } = programme.find(({ file }) => file === 'vip.yaml') ?? { text: '' }
  const broken = text.replace('use_case:', 'usecase:').replace('stage: live', 'stage: lve')
  const lines = broken.split('\n')
  const problems = await server.openDocument(locate('broken.yaml'), broken)
  const found = problems.map(({ message, range }) => `${lines[range.start.line]?.split(':')[0]}: ${message}`)
  expect(found).toEqual(
    expect.arrayContaining([
      'usecase: Property usecase is not allowed.',
      expect.stringMatching(
        /^rollout: Value is not accepted\. Valid values: "qa", "canary", "live", "paused"\./,
      ),
    ]),
  )
})

test('the editor completes the keys of an audience and explains them', async () => {
  const offered = describeLabels(await completeAtEnd('new-audience.yaml', `${AUDIENCE_LINE}\n`))
  const keys = SCHEMAS.audience.properties as Readonly<Record<string, { readonly description?: string }>>
  for (const [key, { description }] of Object.entries(keys)) {
    expect(offered.get(key), key).toEqual(description ?? expect.stringMatching(/\w/))
  }
})

test('the editor completes the keys of a rollout and explains them', async () => {
  const offered = describeLabels(await completeAtEnd('new-rollout.yaml', `${AUDIENCE_LINE}\nrollout:\n  `))
  expect(offered.get('stage')).toEqual(expect.stringContaining('only the workspace'))
  expect(offered.get('percent')).toEqual(expect.stringContaining('whole number from 1 to 99'))
  expect(offered.get('holdout_percent')).toEqual(expect.stringContaining('never sent'))
})

test('the editor completes the four stages', async () => {
  const offered = await completeAtEnd('new-stage.yaml', `${AUDIENCE_LINE}\nrollout:\n  stage: `)
  expect(offered.map(({ label }) => label).sort()).toEqual(['canary', 'live', 'paused', 'qa'])
})

test('the editor offers both kinds of source', async () => {
  const offered = describeLabels(await completeAtEnd('new-source.yaml', `${AUDIENCE_LINE}\nsource:\n  `))
  expect([...offered.keys()]).toEqual(expect.arrayContaining(['segment', 'name', 'manual']))
})
