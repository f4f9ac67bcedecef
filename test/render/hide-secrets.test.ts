import { expect, test } from 'vitest'
import { hideLogins, hideSecrets } from '../../src/render/hide-secrets.ts'

test.each`
  written                                                | shown
  ${'no such command "postgres://me:hu/sh@db/x"'}        | ${'no such command "postgres://*************"'}
  ${'postgresql://db/x?password=hush, or another'}       | ${'postgresql://******************* or another'}
  ${'https://me:hush@example.com/x'}                     | ${'https://*******@example.com/x'}
  ${'write postgres://user:password@host:5432/database'} | ${'write postgres://user:password@host:5432/database'}
  ${'use postgres:MUSTER_DATABASE_URL'}                  | ${'use postgres:MUSTER_DATABASE_URL'}
`('of "$written" is shown "$shown"', ({ written, shown }) => {
  expect(hideLogins(written)).toBe(shown)
})

test('in a spec, a key that stands where the name of its variable belongs is hidden as well', () => {
  expect(hideSecrets('url_env: postgres://me:hush@db/x')).not.toMatch(/hush|me:/)
  expect(hideSecrets('app_key_env: CUSTOMERIO_APP_KEY')).toBe('app_key_env: CUSTOMERIO_APP_KEY')
})
