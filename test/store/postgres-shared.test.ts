import { once } from 'node:events'
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { failureOf } from '../../src/model/failure.ts'
import { EMPTY_STATE } from '../../src/model/recorded.ts'
import type { Store } from '../../src/ports.ts'
import type { Connection } from '../../src/store/postgres/connection.ts'
import type { Driver } from '../../src/store/postgres/driver.ts'
import { holdStore } from '../../src/store/postgres/held-store.ts'
import { keepLease } from '../../src/store/postgres/keep-lease.ts'
import { openForWriting } from '../../src/store/postgres/open.ts'
import { createPostgresStateReader, readPostgresState } from '../../src/store/postgres/read-state.ts'
import { openPostgresStore } from '../../src/store/postgres/store.ts'
import { removePostgresLock } from '../../src/store/postgres/unlock.ts'
import { runDay } from '../contract/run-day.ts'
import { AT, cohort, createSurroundings, HOLDER } from '../contract/store-under-test.ts'
import { findServer, makeSchemaName, readAside, runAside } from '../support/postgres-server.ts'

const server = await findServer()
const member = { person: 'c1', identifier: 'usr_secret' }

const failureFrom = async (work: Promise<unknown>) => failureOf(await work.catch((error: unknown) => error))

/** Where everything happens, in a schema and a folder of its own. */
const useSchema = () => {
  const connections: Connection[] = []
  const options = {
    ...server,
    ...createSurroundings(),
    name: 'the test',
    schema: '',
    target: 'the test',
    spoolFolder: '',
    clock: { ...createSurroundings().clock, sleep: async () => void (await wait(20)) },
  }
  beforeEach(async () => {
    options.schema = makeSchemaName()
    options.spoolFolder = await mkdtemp(join(tmpdir(), 'muster-shared-'))
  })
  afterEach(async () => {
    for (const connection of connections.splice(0)) await connection.close()
    await runAside(server, `DROP SCHEMA IF EXISTS ${options.schema} CASCADE`)
    await rm(options.spoolFolder, { recursive: true })
  })
  const open = async (others: Partial<typeof options> = {}): Promise<Store> => {
    const connection = await openForWriting({ ...options, ...others })
    connections.push(connection)
    return holdStore(connection, { ...options, ...others })
  }
  return { options, open }
}

describe(`a store in ${server.name}`, () => {
  const { options, open } = useSchema()

  test('reading one that does not exist creates nothing', async () => {
    expect(await readPostgresState(options)).toEqual(EMPTY_STATE)
    expect(await readAside(server, schemaOf(options.schema))).toEqual([])
  })

  test('one of a newer muster is refused, for writing and for reading', async () => {
    await (await open()).close()
    await runAside(server, `INSERT INTO ${options.schema}.schema_version VALUES (99)`)
    expect((await failureFrom(open()))?.code).toBe('store/newer')
    expect((await failureFrom(readPostgresState(options)))?.code).toBe('store/newer')
  })

  test('one that belongs to other accounts is refused, for writing and for reading', async () => {
    await (await open()).close()
    const other = { ...options, target: 'somebody else' }
    expect((await failureFrom(open(other)))?.code).toBe('store/other-target')
    expect((await failureFrom(readPostgresState(other)))?.code).toBe('store/other-target')
  })

  test('an error of the server is a failure that quotes no row, and nothing of the commit is kept', async () => {
    const store = await open()
    const broken = { kind: 'member', audience: 'vip', member, at: 'usr_secret' } as const
    const failure = await failureFrom(store.commit([{ kind: 'object', object: cohort }, broken]))
    expect(failure).toMatchObject({ origin: 'store', code: 'store/failed' })
    expect(failure?.detail).toBe('The store could not be read or written (22007).')
    expect((await store.readState()).head).toBe(0)
    await store.close()
  })

  test('a comparison that fails leaves nothing of itself to the next one', async () => {
    const store = await open()
    const spool = await store.openSpool('vip')
    await spool.append([member])
    const [folder = ''] = await readdir(options.spoolFolder)
    await rm(join(options.spoolFolder, folder), { recursive: true })
    expect((await failureFrom(spool.computeDelta()))?.detail).toContain(
      'could not be read or written (ENOENT)',
    )
    expect(await runDay(store, 0, 'ada')).toBe('add ada')
    await store.close()
  })

  test('a spool that has lost rows decides nothing', async () => {
    const store = await open()
    const spool = await store.openSpool('vip')
    await spool.append([member, { person: 'c2', identifier: 'usr_2' }])
    const entries = await readdir(options.spoolFolder, { recursive: true })
    const [file = ''] = entries.filter(entry => entry.endsWith('.rows'))
    await writeFile(join(options.spoolFolder, file), 'c1\u001fusr_secret\n')
    expect(await failureFrom(spool.computeDelta())).toMatchObject({
      code: 'store/failed',
      detail: 'Of 2 rows that were read, 1 are in the spool. Nothing was decided.',
    })
    expect(await runDay(store, 0, 'ada')).toBe('add ada')
    await store.close()
  })

  test('a delta leaves no table behind when it is closed', async () => {
    const store = await open()
    await runDay(store, 0, 'ada bo=x cy=x')
    await runDay(store, 1, 'ada=y bo=x')
    const left = await readAside(
      server,
      "SELECT relname FROM pg_class WHERE relpersistence = 't' AND relname ~ '_[0-9]+$' AND relkind = 'r' AND pg_table_is_visible(oid)",
    )
    expect(left).toEqual([])
    await store.close()
  })

  test('only the owner may read a spool, and none is left when the store is closed', async () => {
    const store = await open()
    const spool = await store.openSpool('vip')
    await spool.append([member])
    const entries = await readdir(options.spoolFolder, { recursive: true })
    expect(entries).toHaveLength(2)
    for (const entry of entries) expect((await stat(join(options.spoolFolder, entry))).mode & 0o077).toBe(0)
    await spool.discard()
    await store.close()
    expect(await readdir(options.spoolFolder)).toEqual([])
  })

  test('a lease goes on while nothing is written', async () => {
    const store = await open()
    const connection = await openForWriting(options)
    const before = store.lock.expiresAt
    let renewed = 0
    const lost: unknown[] = []
    const lease = keepLease(
      {
        transact: async work => {
          renewed += 1
          if (renewed > 1) throw new Error('the connection is lost')
          return connection.transact(work)
        },
      },
      { everyMs: 5, onLost: error => void lost.push(error) },
    )
    while (renewed < 2) await wait(5)
    // It has ended by itself, and said so.
    await lease.stop()
    await wait(20)
    expect(renewed).toBe(2)
    expect(lost).toEqual([new Error('the connection is lost')])
    await store.commit([])
    expect(Date.parse(store.lock.expiresAt)).toBeGreaterThan(Date.parse(before))
    await connection.close()
    await store.close()
  })
})

describe.skipIf(server.url === undefined)('two runs on one server', () => {
  const { options, open } = useSchema()

  test('whoever comes second is told who holds the store, can read it, and unlocks nothing by that', async () => {
    const first = await open()
    const failure = await failureFrom(open())
    expect(failure).toMatchObject({ origin: 'store', code: 'store/busy', retryable: true })
    expect(failure?.detail).toBe(
      `"the test" is in use. It is held by ci@runner-3 for \`muster apply\` since ${first.lock.acquiredAt} (${HOLDER.runUrl}).`,
    )
    expect((await readPostgresState(options)).lock).toEqual(first.lock)
    await first.commit([{ kind: 'object', object: cohort }])
    await first.close()
    const second = await open()
    expect(second.lock.fence).toBe(first.lock.fence + 1)
    expect(second.tookOverFrom).toBeUndefined()
    await second.close()
  })

  test('a lock that is replaced just before it is removed stays', async () => {
    const store = await open()
    const { schema } = options
    const connect = async (): Promise<Driver> => {
      const driver = await server.connect()
      const run: Driver['run'] = async (sql, values) => {
        if (sql.startsWith('DELETE FROM locks'))
          await runAside(server, `UPDATE ${schema}.locks SET id = 'next'`)
        return driver.run(sql, values)
      }
      return { ...driver, run }
    }
    const failure = await failureFrom(removePostgresLock({ ...options, connect }, store.lock.id))
    expect(failure?.code).toBe('store/other-lock')
    expect((await readPostgresState(options)).lock?.id).toBe('next')
    await store.close()
  })

  test('tables of an older muster stay as they are while it is at work', async () => {
    const store = await open()
    await runAside(server, `DELETE FROM ${options.schema}.schema_version WHERE version > 1`)
    expect(await failureFrom(openForWriting(options))).toMatchObject({ code: 'store/busy', retryable: true })
    const versions = await readAside(server, `SELECT version FROM ${options.schema}.schema_version`)
    expect(versions).toEqual([{ version: 1 }])
    await store.close()
  })

  test('a commit that the server answers with a rollback has failed', async () => {
    const connection = await openForWriting(options)
    const swallowing = connection.transact(inner => inner.run('SELECT 1 / 0').catch(() => 0))
    expect(await failureFrom(swallowing)).toMatchObject({ code: 'store/failed', retryable: true })
    expect(await connection.transact(inner => inner.run('SELECT 1'))).toBe(1)
    await connection.close()
  })

  test('of several that come at once, to a database without a store, one holds it', async () => {
    const all = await Promise.allSettled([1, 2, 3, 4].map(() => open()))
    const held = all.flatMap(each => (each.status === 'fulfilled' ? [each.value] : []))
    const refused = all.flatMap(each => (each.status === 'rejected' ? [failureOf(each.reason)?.code] : []))
    expect([held.length, refused]).toEqual([1, ['store/busy', 'store/busy', 'store/busy']])
    await held[0]?.close()
  })

  test('a sync goes on while others read, and they see it before or after a commit', async () => {
    const store = await open()
    await runDay(store, 0, 'ada')
    const spool = await store.openSpool('vip')
    await spool.append([
      { person: 'cio_ada', identifier: 'ada' },
      { person: 'cio_bo', identifier: 'bo' },
    ])
    const delta = await spool.computeDelta()
    const sizes = async () => (await readPostgresState(options)).members.get('vip')
    const committing = store.commit([{ kind: 'batch', audience: 'vip', list: 'add', from: 1, to: 1, at: AT }])
    expect([1, 2]).toContain(await sizes())
    await committing
    expect(await sizes()).toBe(2)
    await delta.close()
    await store.close()
  })

  test('one whose lease ran out is refused by the database, also in the middle of a delta', async () => {
    const first = await open()
    await runDay(first, 0, 'ada')
    const spool = await first.openSpool('vip')
    const delta = await spool.computeDelta()
    await runAside(server, `UPDATE ${options.schema}.locks SET expires_at = now()`)
    const second = await open()
    expect(second.tookOverFrom?.id).toBe(first.lock.id)
    const batch = { kind: 'batch', audience: 'vip', list: 'remove', from: 1, to: 1, at: AT } as const
    expect((await failureFrom(first.commit([batch])))?.code).toBe('store/fenced')
    expect((await failureFrom(delta.noteLeavers({ at: AT, isComplete: true })))?.code).toBe('store/fenced')
    await first.close()
    expect((await second.readState()).lock?.id).toBe(second.lock.id)
    expect(await runDay(second, 1, 'ada')).toBe('nothing')
    await second.close()
  })
})

describe.skipIf(server.url === undefined)('roles of a server', () => {
  const { options, open } = useSchema()
  const database = new URL(server.url ?? 'postgres://none').pathname.slice(1)
  const roles: string[] = []
  const makeRole = async (): Promise<string> => {
    const role = makeSchemaName()
    await runAside(server, `CREATE ROLE ${role} LOGIN`)
    roles.push(role)
    return role
  }
  afterEach(async () => {
    for (const role of roles.splice(0)) await runAside(server, `DROP OWNED BY ${role}; DROP ROLE ${role}`)
  })
  const as = (role: string) => {
    const url = new URL(server.url ?? '')
    url.username = role
    return { ...options, url: url.href }
  }

  test('one makes the store, one runs with four rights on its tables, and one only looks', async () => {
    const [owner, runner, looker] = [await makeRole(), await makeRole(), await makeRole()]
    await runAside(server, `GRANT CREATE ON DATABASE ${database} TO ${owner}`)
    await (await openPostgresStore(as(owner))).close()
    await runAside(
      server,
      `GRANT USAGE ON SCHEMA ${options.schema} TO ${runner}, ${looker};
       GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${options.schema} TO ${runner};
       GRANT SELECT ON ALL TABLES IN SCHEMA ${options.schema} TO ${looker}`,
    )
    const store = await openPostgresStore(as(runner))
    expect(await runDay(store, 0, 'ada bo=x cy=x')).toBe('add ada, x')
    expect(await runDay(store, 1, 'bo=x')).toBe('remove ada')
    const { members } = await createPostgresStateReader(as(looker)).readState()
    expect(new Map(members)).toEqual(new Map([['vip', 1]]))
    await store.close()
    expect(await failureFrom(openPostgresStore(as(looker)))).toMatchObject({ code: 'store/forbidden' })
  })

  test('who may not make a store is told so, and what is needed', async () => {
    const runner = await makeRole()
    const failure = await failureFrom(openPostgresStore(as(runner)))
    expect(failure).toMatchObject({ code: 'store/forbidden', retryable: false })
    expect(failure?.hint).toContain('docs/postgres.md')
    await (await open()).close()
    expect((await failureFrom(createPostgresStateReader(as(runner)).readState()))?.code).toBe(
      'store/forbidden',
    )
  })
})

describe('a server that cannot be reached', () => {
  test('is asked five times, and nothing of its URL is told', async () => {
    const waits: number[] = []
    const clock = { ...createSurroundings().clock, sleep: async (ms: number) => void waits.push(ms) }
    const url = 'postgres://samuel:open-sesame@127.0.0.1:1/people'
    const failure = await failureFrom(createPostgresStateReader({ url, target: 'x', clock }).readState())
    expect(failure).toMatchObject({ code: 'store/unreachable', retryable: true })
    expect(JSON.stringify(failure)).not.toMatch(/samuel|sesame|people/)
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000])
  })
})

describe('a server that refuses how a session begins', () => {
  test('is let go of', async () => {
    const closed: Promise<unknown>[] = []
    const refusing = createServer(socket => {
      closed.push(once(socket, 'close'))
      // A session that begins, and an error for the first statement.
      socket.once('data', () => {
        socket.write(Buffer.concat([message('R', Buffer.alloc(4)), READY]))
        socket.once('data', () => socket.write(Buffer.concat([message('E', REFUSED), READY])))
        socket.on('data', () => socket.end())
      })
    })
    refusing.listen(0, '127.0.0.1')
    await once(refusing, 'listening')
    const { port } = refusing.address() as AddressInfo
    const url = `postgres://sam@127.0.0.1:${port}/people`
    const reader = createPostgresStateReader({ ...createSurroundings(), url, target: 'x' })
    expect((await failureFrom(reader.readState()))?.detail).toContain('(42704)')
    expect(closed).toHaveLength(1)
    await Promise.all(closed)
    refusing.close()
  })

  const message = (kind: string, body: Buffer): Buffer => {
    const length = Buffer.alloc(4)
    length.writeInt32BE(body.length + 4)
    return Buffer.concat([Buffer.from(kind), length, body])
  }
  const READY = message('Z', Buffer.from('I'))
  const REFUSED = Buffer.from('SERROR\0C42704\0Mno such parameter\0\0')
})

const schemaOf = (name: string): string => `SELECT 1 FROM pg_namespace WHERE nspname = '${name}'`
