import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { failureOf } from '../../src/model/failure.ts'
import { createPostgresStateReader } from '../../src/store/postgres/read-state.ts'
import { openPostgresStore } from '../../src/store/postgres/store.ts'
import { minutes } from '../contract/run-day.ts'
import { createSurroundings } from '../contract/store-under-test.ts'
import { type Cohort, syncCohort } from '../support/cohort-sync.ts'
import { canMakeCluster, makeCluster, type PrivateCluster } from '../support/private-cluster.ts'

const failureFrom = async (work: Promise<unknown>) => failureOf(await work.catch((error: unknown) => error))

const MANY = Array.from({ length: 40_000 }, (_each, index) => `p${index}`).join(' ')
const FIRST = 'ada bo cy=shared di=shared eve fay'
const SECOND = 'ada bo=bo2 cy=shared gil hal ida'

describe.skipIf(!canMakeCluster())('a server of its own (skipped where PostgreSQL is not installed)', () => {
  let cluster: PrivateCluster
  let folder: string
  beforeAll(async () => {
    cluster = await makeCluster()
    folder = await mkdtemp(join(tmpdir(), 'muster-server-'))
    await cluster.start()
  })
  afterAll(async () => {
    await cluster.remove()
    await rm(folder, { recursive: true })
  })

  const optionsOf = (schema: string) => ({
    ...createSurroundings(),
    url: cluster.url,
    schema,
    target: 'the test',
    spoolFolder: join(folder, schema),
    clock: { ...createSurroundings().clock, sleep: async (ms: number) => void (await wait(ms)) },
  })

  describe('that is killed in the middle of a sync, and started again', () => {
    /** Kills the server while the sync of the second day does its n-th commit, or compares. */
    const tell = async (schema: string, kill: number | 'comparing', source: string) => {
      const options = optionsOf(schema)
      const cohort: Cohort = new Set()
      const most = kill === 'comparing' ? 100_000 : 2
      const first = await openPostgresStore(options)
      await syncCohort(first, { cohort, now: 0, source: FIRST })
      await first.close()

      const second = await openPostgresStore(options)
      let commits = 0
      let killing: Promise<void> | undefined
      const dying = {
        ...second,
        commit: async (writes: Parameters<typeof second.commit>[0]) => {
          commits += 1
          if (commits === kill) killing = cluster.stop('immediate')
          await second.commit(writes)
        },
      }
      if (kill === 'comparing') void wait(150).then(() => (killing = cluster.stop('immediate')))
      const syncing = (async () => {
        // The kill lands at its own time: so many syncs that one of them meets it.
        for (let more = 0; more < 50; more += 1)
          await syncCohort(dying, { cohort, now: 2 + minutes(more), source, most })
      })()
      const failure = await failureFrom(syncing)
      await second.close().catch(() => undefined)
      await killing

      const starting = wait(1_500).then(() => cluster.start())
      // Opened before the server is there: it is waited for.
      const third = await openPostgresStore(options)
      await starting
      expect(third.tookOverFrom?.fence).toBe(2)
      await syncCohort(third, { cohort, now: 3, source, most })
      const { members } = await third.readState()
      await third.close()
      return { failure, members: members.get('vip'), cohort: [...cohort].sort() }
    }

    test.each([2, 3, 4, 5])('at its commit %i: what it was sent is what the ledger says', async kill => {
      const told = await tell(`killed_${kill}`, kill, SECOND)
      expect(told.failure).toMatchObject({ code: 'store/unreachable', retryable: true })
      expect(told.cohort).toEqual(['ada', 'bo2', 'gil', 'hal', 'ida', 'shared'])
      expect(told.members).toBe(6)
    })

    test('while it compares: nothing of it is left', async () => {
      const told = await tell('killed_comparing', 'comparing', MANY)
      expect(told.failure).toMatchObject({ code: 'store/unreachable', retryable: true })
      expect(told.members).toBe(40_000)
      expect(told.cohort).toHaveLength(40_000)
    })
  })

  describe('that speaks TLS alone', () => {
    let certificate: string
    beforeAll(async () => {
      const [cert, key] = [join(folder, 'server.crt'), join(folder, 'server.key')]
      await promisify(execFile)('openssl', [
        ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost'],
        ...['-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', cert],
      ])
      certificate = cert
      await cluster.write('server.crt', await readFile(cert, 'utf8'))
      await cluster.write('server.key', await readFile(key, 'utf8'))
      await cluster.write('pg_hba.conf', 'hostssl all all 127.0.0.1/32 trust\n')
      await cluster.configure('ssl = on')
      await cluster.stop('fast')
      await cluster.start()
    })

    test.each`
      host           | terms                                 | code
      ${'localhost'} | ${'sslmode=verify-full&sslrootcert='} | ${undefined}
      ${'127.0.0.1'} | ${'sslmode=verify-ca&sslrootcert='}   | ${undefined}
      ${'127.0.0.1'} | ${'sslmode=require'}                  | ${undefined}
      ${'127.0.0.1'} | ${'sslmode=verify-full&sslrootcert='} | ${'store/unreadable'}
      ${'localhost'} | ${'sslmode=verify-full'}              | ${'store/unreadable'}
      ${'localhost'} | ${'sslmode=disable'}                  | ${'store/auth'}
    `('$host with $terms: $code', async ({ host, terms, code }) => {
      const url = `postgres://postgres@${host}:${cluster.port}/postgres?${terms}${terms.endsWith('=') ? encodeURIComponent(certificate) : ''}`
      const reader = createPostgresStateReader({ ...optionsOf('nowhere'), url })
      expect((await failureFrom(reader.readState()))?.code).toBe(code)
    })
  })
})
