import { describe, expect, test } from 'vitest'
import type { EmulatorOptions } from '../../../src/emulators/options.ts'
import { EMULATED_MOENGAGE } from '../../../src/emulators/options.ts'
import type { SendableDefinition } from '../../../src/ports.ts'
import { createMoengageReader, createMoengageWriter } from '../../../src/providers/moengage/provider.ts'
import { startTestEmulators } from '../../emulators/harness.ts'
import { createSurroundings } from '../support/client.ts'
import { failureFrom } from '../support/failures.ts'
import { CONNECTION } from './connect.ts'

const { workspaceId, dataKey } = EMULATED_MOENGAGE

/** The adapter and the emulator: two readings of the same documents, over a socket. */
const open = async (options: Partial<EmulatorOptions> = {}) => {
  const emulators = await startTestEmulators({ population: 100, processingDelayMs: 0, ...options })
  const { hidden, post } = emulators
  const common = {
    ...createSurroundings(),
    connection: { ...CONNECTION, workspaceId, baseUrl: emulators.emulators.moengage.url },
    dataKey,
  }
  const reader = createMoengageReader(common)
  const writer = createMoengageWriter({ ...common, partner: 'muster' })
  const idOf = async (name: string): Promise<string> =>
    (await reader.listSegments()).find(segment => segment.name === name)?.remoteId ?? `no segment ${name}`
  return {
    ...emulators,
    reader,
    writer,
    idOf,
    fault: (fault: unknown) => hidden('/faults', post(fault)),
    createCohort: async (name: string): Promise<string> => {
      await writer.changeMembers({ cohortId: name, name, description: '' }, 'add', ['emp_001'])
      return idOf(name)
    },
  }
}

/** A cohort A, and a sendable segment that leaves out B. */
const openSendable = async (options: Partial<EmulatorOptions> = {}) => {
  const opened = await open(options)
  const [include, other] = [await opened.createCohort('A'), await opened.createCohort('B')]
  const definition: SendableDefinition = { name: 'A__Sendable', include, exclude: [other] }
  const { remoteId } = await opened.writer.createSendable(definition)
  return { ...opened, definition, remoteId, other }
}

describe('a sendable segment', () => {
  test('is read back as it was written', async () => {
    const { reader, definition, remoteId } = await openSendable()
    expect(await reader.readSendable(remoteId)).toEqual({ kind: 'sendable', ...definition })
  })

  test('is renamed under its id, and its old name is never free again', async () => {
    const { reader, writer, idOf, definition, remoteId, other } = await openSendable()
    await writer.updateSendable(remoteId, { ...definition, name: 'A2__Sendable' })
    expect(await reader.readSendable(remoteId)).toMatchObject({ name: 'A2__Sendable', exclude: [other] })
    expect(await idOf('A2__Sendable')).toBe(remoteId)
    const back = await failureFrom(writer.updateSendable(remoteId, definition))
    expect(back).toMatchObject({ code: 'provider/name-taken' })
    expect(back).not.toHaveProperty('conflict')
  })

  test.each([true, false])(
    'loses its exclusions when it has none any more (a PATCH that says nothing of them keeps them: %s)',
    async patchKeepsExcluded => {
      const { reader, writer, definition, remoteId } = await openSendable({
        behaviour: { patchKeepsExcluded },
      })
      await writer.updateSendable(remoteId, { ...definition, exclude: [] })
      expect(await reader.readSendable(remoteId)).toMatchObject({ exclude: [] })
    },
  )

  test('with the filters of another one is refused by the id and name of that one', async () => {
    const { writer, definition, remoteId } = await openSendable()
    const conflict = { remoteId, name: 'A__Sendable' }
    expect(await failureFrom(writer.createSendable({ ...definition, name: 'Other' }))).toMatchObject({
      code: 'provider/same-filters',
      conflict,
    })
    const alone = await writer.createSendable({ ...definition, name: 'Alone', exclude: [] })
    const same = await failureFrom(writer.updateSendable(alone.remoteId, { ...definition, name: 'Alone' }))
    expect(same).toMatchObject({ code: 'provider/same-filters', conflict })
  })

  test('of more than ten others is too complex, and so is one seven levels deep', async () => {
    const { writer, createCohort, definition } = await openSendable({
      limits: { filterSegmentReferences: 3 },
    })
    const exclude = [await createCohort('C'), await createCohort('D'), await createCohort('E')]
    expect(await failureFrom(writer.createSendable({ ...definition, name: 'Wide', exclude }))).toMatchObject({
      code: 'provider/too-complex',
      status: 413,
    })
    let include = definition.include
    for (let level = 1; level <= 6; level++)
      include = (await writer.createSendable({ name: `Level ${level}`, include, exclude: [] })).remoteId
    expect(await failureFrom(writer.createSendable({ name: 'Level 7', include, exclude: [] }))).toMatchObject(
      { code: 'provider/too-complex', status: 413 },
    )
  })

  test('that somebody gave other filters is foreign, one with other segments is not', async () => {
    const { reader, definition, remoteId, other, hidden, post } = await openSendable()
    await hidden(`/segments/${remoteId}`, post({ include: other, exclude: [definition.include] }))
    expect(await reader.readSendable(remoteId)).toEqual({
      kind: 'sendable',
      name: 'A__Sendable',
      include: other,
      exclude: [definition.include],
    })
    const tester = { filter_type: 'user_attributes', name: 'is_tester', data_type: 'bool', operator: 'is' }
    const included_filters = { filter_operator: 'and', filters: [{ ...tester, value: true }] }
    await hidden(`/segments/${remoteId}`, post({ included_filters, exclude: [] }))
    expect(await reader.readSendable(remoteId)).toEqual({ kind: 'foreign', name: 'A__Sendable' })
  })
})

describe('when things go wrong', () => {
  test.each`
    fault                              | code                      | made
    ${{ kind: 'status', status: 500 }} | ${'provider/unavailable'} | ${false}
    ${{ kind: 'reset' }}               | ${'provider/network'}     | ${false}
    ${{ kind: 'unknown' }}             | ${'provider/network'}     | ${true}
    ${{ kind: 'truncate' }}            | ${'provider/truncated'}   | ${true}
  `('creating meets $fault: $code, outcome unknown, made: $made', async ({ fault, code, made }) => {
    const opened = await open()
    const include = await opened.createCohort('A')
    await opened.fault({ ...fault, match: { route: '/v3/custom-segments' } })
    const failure = await failureFrom(opened.writer.createSendable({ name: 'S', include, exclude: [] }))
    expect(failure).toMatchObject({ code, outcomeUnknown: true, retryable: false })
    const names = (await opened.reader.listSegments()).map(({ name }) => name)
    expect(names.includes('S')).toBe(made)
  })

  test.each(['reset', 'unknown', 'truncate', 'html'])('a change survives one %s', async kind => {
    const { reader, writer, definition, remoteId, fault } = await openSendable()
    await fault({ kind, match: { method: 'PATCH' } })
    await writer.updateSendable(remoteId, { ...definition, exclude: [] })
    expect(await reader.readSendable(remoteId)).toMatchObject({ exclude: [] })
  })

  test('a list that leaves out rows looks like any other', async () => {
    const { reader, idOf, fault } = await openSendable()
    await fault({ kind: 'omit', names: ['A__Sendable'] })
    const names = (await reader.listSegments()).map(({ name }) => name)
    expect(names).not.toContain('A__Sendable')
    expect(await idOf('A__Sendable')).toMatch(/^[0-9a-f]{24}$/)
  })

  test('a list that fails does not keep a segment from being read', async () => {
    const { reader, definition, remoteId, fault } = await openSendable()
    await fault({ kind: 'status', status: 503, match: { route: '/v3/custom-segments' }, times: 'always' })
    expect((await failureFrom(reader.listSegments())).code).toBe('provider/unavailable')
    expect(await reader.readSendable(remoteId)).toEqual({ kind: 'sendable', ...definition })
  })

  test('the limit of active segments is not waited out', async () => {
    const { writer, createCohort } = await open({ limits: { activeSegments: 4 } })
    const include = await createCohort('A')
    expect(await failureFrom(writer.createSendable({ name: 'S', include, exclude: [] }))).toMatchObject({
      code: 'provider/segment-limit',
      retryable: false,
    })
  })
})
