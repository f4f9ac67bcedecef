import { describe, expect, test } from 'vitest'
import { readParts, replacePart, writeParts } from '../../src/github/issue-parts.ts'
import { type ActionWorld, openActionWorld } from '../support/action-world.ts'

const SCHEDULE = { name: 'schedule', payload: {} }
const found = (...details: readonly string[]) => ({
  exitCode: 2,
  stdout: JSON.stringify({
    checked: { findings: details.map(detail => ({ address: 'sendable.vip', detail })) },
  }),
})
const NOTHING = { exitCode: 0, stdout: JSON.stringify({ checked: { findings: [] } }) }

const look = (world: ActionWorld, drift: ActionWorld['commands']['drift']) => {
  world.commands.drift = drift
  world.github.requests.length = 0
  return world.run({ command: 'drift' }, SCHEDULE)
}

describe('drift', () => {
  test('opens the issue of the environment, says nothing twice, and closes it when it is gone', async () => {
    const world = await openActionWorld()
    expect((await look(world, NOTHING)).exitCode).toBe(0)
    expect(world.writes()).toEqual([])

    expect(await look(world, found('filters differ'))).toMatchObject({ exitCode: 2, outputs: { drift: '1' } })
    const [issue] = world.github.state.issues
    expect(issue).toMatchObject({ title: 'muster: live needs a look', state: 'open' })
    expect(issue?.body).toContain('- <code>sendable.vip</code> filters differ')

    await look(world, found('filters differ'))
    expect(world.writes()).toEqual([])

    await look(world, found('filters differ', 'renamed'))
    expect(world.writes()).toEqual(['PATCH /repos/{owner}/{repo}/issues/{issue_number}'])

    await look(world, NOTHING)
    expect(issue?.state).toBe('closed')
    expect(world.github.state.comments.at(-1)?.body).toContain('Nothing has drifted any more')

    await look(world, found('again'))
    expect(world.github.state.issues).toHaveLength(1)
    expect(issue?.state).toBe('open')
    expect(world.github.state.comments.at(-1)?.body).toContain('Values have drifted')
  })

  test('that could not be looked at changes nothing', async () => {
    const world = await openActionWorld()
    await look(world, found('filters differ'))
    expect((await look(world, { exitCode: 1, stdout: '' })).exitCode).toBe(1)
    expect(world.github.state.issues[0]?.state).toBe('open')
  })

  test('shares the issue with the monitor: the part of the other stays, and keeps it open', async () => {
    const world = await openActionWorld()
    await look(world, found('filters differ'))
    const [issue] = world.github.state.issues
    if (issue) issue.body = `${issue.body}\n<!-- muster:part monitor -->\n#### Sizes`
    await look(world, NOTHING)
    expect(issue).toMatchObject({
      state: 'open',
      body: '<!-- muster:alerts env=live -->\n<!-- muster:part monitor -->\n#### Sizes\n',
    })
  })

  test('that joins an issue of the monitor is told with a comment', async () => {
    const world = await openActionWorld()
    await look(world, found('filters differ'))
    const [issue] = world.github.state.issues
    if (issue) issue.body = '<!-- muster:alerts env=live -->\n<!-- muster:part monitor -->\n#### Sizes\n'
    await look(world, found('filters differ'))
    expect(world.writes()).toEqual([
      'POST /repos/{owner}/{repo}/issues/{issue_number}/comments',
      'PATCH /repos/{owner}/{repo}/issues/{issue_number}',
    ])
    expect(world.github.state.comments.at(-1)?.body).toContain('Values have drifted')
  })

  test('leaves an issue of somebody else with our marker alone', async () => {
    const world = await openActionWorld()
    const body = '<!-- muster:alerts env=live -->\n'
    world.github.state.issues.push({ number: 9, author: 'mallory', title: 'x', body, state: 'open' })
    await look(world, NOTHING)
    expect(world.writes()).toEqual([])
  })
})

test('parts are read as they were written', () => {
  const parts = replacePart([{ name: 'monitor', body: 'b\n\nc' }], 'drift', 'a')
  expect(readParts(writeParts('<!-- m -->', parts).replaceAll('\n', '\r\n'))).toEqual([
    { name: 'drift', body: 'a' },
    { name: 'monitor', body: 'b\n\nc' },
  ])
})
