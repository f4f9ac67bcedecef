import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { failureOf } from '../../src/model/failure.ts'
import type { Connection } from '../../src/store/postgres/connection.ts'
import { holdStore } from '../../src/store/postgres/held-store.ts'
import { openForWriting } from '../../src/store/postgres/open.ts'
import { minutes } from '../contract/run-day.ts'
import { cohort, createSurroundings } from '../contract/store-under-test.ts'
import { type Cohort, syncCohort } from '../support/cohort-sync.ts'
import { type Cut, cutAt } from '../support/cutting-driver.ts'
import { findServer, makeSchemaName, readAside, runAside } from '../support/postgres-server.ts'

/** Every point takes a second. One in so many is tried, all of them with `MUSTER_TESTS=all`. */
const TRIED = process.env.MUSTER_TESTS === 'all' ? 1 : 13

const server = await findServer()
const FIRST = 'ada bo cy=shared di=shared eve fay'
const SECOND = 'ada bo=bo2 cy=shared gil hal ida'

describe(`${server.name}: a session that is cut off at any statement`, () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'muster-cut-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  /** One story in a schema of its own: two syncs, and in the second one a cut. Then the same again without one. */
  const tell = async (cut?: Cut) => {
    const schema = makeSchemaName()
    const { clock, ...surroundings } = createSurroundings()
    const options = {
      ...surroundings,
      name: 'the test',
      schema,
      target: 'the test',
      spoolFolder: join(folder, schema),
      clock: { ...clock, sleep: async () => void (await wait(50)) },
    }
    const cohortMembers: Cohort = new Set()
    const run = async (over: typeof server, now: number, source: string): Promise<void> => {
      let connection: Connection | undefined
      try {
        connection = await openForWriting({ ...options, ...over })
        const store = await holdStore(connection, options)
        await store.commit([{ kind: 'object', object: cohort }])
        await syncCohort(store, { cohort: cohortMembers, now, source })
        await store.close()
      } finally {
        await connection?.close()
      }
    }
    try {
      await run(server, 0, FIRST)
      const cutting = cutAt(server, cut)
      const failure = await run(cutting, 2, SECOND).then(
        () => undefined,
        (error: unknown) => failureOf(error) ?? error,
      )
      const counted = await readAside(server, `SELECT ${COUNTS}`.replaceAll('@', schema))
      await run(server, 2 + minutes(20), SECOND)
      await run(server, 2 + minutes(40), SECOND)
      const [row] = await readAside(server, `SELECT ${LEDGER}`.replaceAll('@', schema))
      return { failure, counted, members: [...cohortMembers].sort(), ledger: row, cutting }
    } finally {
      await runAside(server, `DROP SCHEMA IF EXISTS ${schema} CASCADE`)
    }
  }

  let statements = 0
  test('without a cut the story ends well', async () => {
    const told = await tell()
    statements = told.cutting.statements
    expect(told.failure).toBeUndefined()
    expect(told.members).toEqual(['ada', 'bo2', 'gil', 'hal', 'ida', 'shared'])
    expect(told.ledger).toEqual({ ledger: 'ada bo2 gil hal ida shared', open: 0, left: 'cio_eve cio_fay' })
  })

  test.each<Cut['when']>(['before', 'after'])(
    '%s it was done, nothing is half done, and the next run finishes',
    async when => {
      expect(statements).toBeGreaterThan(50)
      for (let at = when === 'before' ? 1 : 2; at <= statements; at += TRIED) {
        const { failure, counted, members, ledger } = await tell({ at, when })
        const told = `cut ${when} statement ${at}`
        expect({ told, failure }).toMatchObject({
          told,
          failure: { code: 'store/unreachable', retryable: true },
        })
        expect({ told, counted }).toEqual({ told, counted: [{ pairs: true, members: true }] })
        expect({ told, members }).toEqual({ told, members: ['ada', 'bo2', 'gil', 'hal', 'ida', 'shared'] })
        expect({ told, ledger }).toEqual({
          told,
          ledger: { ledger: 'ada bo2 gil hal ida shared', open: 0, left: 'cio_eve cio_fay' },
        })
      }
    },
    900_000,
  )
})

/** Whether the sizes that are kept are those of the ledger. */
const COUNTS = `
  (SELECT count(*) FROM @.ledger) = (SELECT coalesce(sum(pairs), 0) FROM @.ledger_counts) AS pairs,
  (SELECT count(DISTINCT identifier) FROM @.ledger) = (SELECT coalesce(sum(members), 0) FROM @.ledger_counts) AS members`

const LEDGER = `
  (SELECT string_agg(DISTINCT identifier, ' ' ORDER BY identifier) FROM @.ledger) AS ledger,
  (SELECT count(*)::integer FROM @.unsettled) AS open,
  (SELECT string_agg(person, ' ' ORDER BY person) FROM @.departures) AS left`
