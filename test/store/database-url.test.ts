import { describe, expect, test } from 'vitest'
import { failureOf } from '../../src/model/failure.ts'
import { parseDatabaseUrl } from '../../src/store/postgres/database-url.ts'

describe('the URL of a database', () => {
  test('says who, where and what', () => {
    const { tls, ...place } = parseDatabaseUrl(
      'postgres://mu%40ster:p%2Fw@db.example.com:6432/crm?sslrootcert=ca.pem&sslcert=me.pem&sslkey=me.key',
    )
    expect(place).toEqual({
      host: 'db.example.com',
      port: 6432,
      database: 'crm',
      user: 'mu@ster',
      password: 'p/w',
    })
    expect(tls).toEqual({
      mode: 'verify-full',
      rootPath: 'ca.pem',
      certPath: 'me.pem',
      keyPath: 'me.key',
    })
  })

  test('without a host is of this machine, whatever the environment says', () => {
    expect(parseDatabaseUrl('postgres:///crm')).toMatchObject({
      host: 'localhost',
      port: 5432,
      tls: { mode: 'disable' },
    })
  })

  test.each`
    url                                                  | mode
    ${'postgres://db.example.com/crm'}                   | ${'verify-full'}
    ${'postgresql://10.0.0.7/crm'}                       | ${'verify-full'}
    ${'postgres://localhost/crm'}                        | ${'disable'}
    ${'postgres://127.0.0.1:5432/crm'}                   | ${'disable'}
    ${'postgres://[::1]/crm'}                            | ${'disable'}
    ${'postgres:///crm?host=/var/run/postgresql'}        | ${'disable'}
    ${'postgres://localhost/crm?sslmode=verify-full'}    | ${'verify-full'}
    ${'postgres://db.example.com/crm?sslmode=require'}   | ${'require'}
    ${'postgres://db.example.com/crm?sslmode=verify-ca'} | ${'verify-ca'}
    ${'postgres://db.example.com/crm?sslmode=disable'}   | ${'disable'}
  `('$url: $mode', ({ url, mode }) => {
    expect(parseDatabaseUrl(url).tls.mode).toBe(mode)
  })

  test.each`
    url                                                        | mistake
    ${'sam:sesame'}                                            | ${'is not one of PostgreSQL'}
    ${'sesame'}                                                | ${'is no URL'}
    ${'postgres://sam:sesame@db.example.com'}                  | ${'names no database'}
    ${'postgres://sam:ses%ame@db.example.com/crm'}             | ${'has a % that begins nothing'}
    ${'postgres://sam:sesame@db.example.com/c?sslmode=prefer'} | ${'has an sslmode other than disable, require, verify-ca, verify-full'}
    ${'postgres://sam:sesame@db.example.com/c?sslrot=ca.pem'}  | ${'has a parameter that muster does not know'}
  `('$mistake: told without any of it', ({ url, mistake }) => {
    const failure = failureOf(tryParse(url))
    expect(failure).toMatchObject({ code: 'config/database-url', retryable: false })
    expect(failure?.detail).toBe(
      `The URL of the database ${mistake}. It is not shown here, for it may hold a password.`,
    )
  })
})

const tryParse = (url: string): unknown => {
  try {
    return parseDatabaseUrl(url)
  } catch (error) {
    return error
  }
}
