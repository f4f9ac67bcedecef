import { describe, expect, test } from 'vitest'
import { requireKeyOf } from '../../src/cli/compose-reader.ts'
import { failureOf } from '../../src/model/failure.ts'
import { openWorld } from '../support/world.ts'

const ask = (baseUrl: string | undefined, allowed?: string): string => {
  const variables = {
    APP_KEY: 'synthetic',
    ...(allowed === undefined ? {} : { MUSTER_ALLOW_HOSTS: allowed }),
  }
  try {
    return requireKeyOf(baseUrl === undefined ? {} : { baseUrl }, 'APP_KEY', 'a key', { variables })
  } catch (error) {
    return failureOf(error)?.code ?? 'another failure'
  }
}

describe('a base_url that asks for keys', () => {
  test.each([
    [undefined, undefined, 'synthetic'],
    ['http://127.0.0.1:4100', undefined, 'synthetic'],
    ['http://localhost:4100', undefined, 'synthetic'],
    ['http://[::1]:4100', undefined, 'synthetic'],
    ['https://keys.example.com', undefined, 'config/foreign-host'],
    ['https://127.0.0.1.example.com', undefined, 'config/foreign-host'],
    ['https://localhost@keys.example.com', undefined, 'config/foreign-host'],
    ['https://keys.example.com', 'proxy.example.com', 'config/foreign-host'],
    ['https://proxy.example.com:8443/cio', 'other.example.com, proxy.example.com', 'synthetic'],
    ['https://PROXY.example.com', 'proxy.example.com', 'synthetic'],
  ])('%s, with %s allowed: %s', (baseUrl, allowed, expected) => {
    expect(ask(baseUrl, allowed)).toBe(expected)
  })

  test('gets none from a file alone, and nothing is called', async () => {
    const world = await openWorld({ audiences: ['vip'], population: 800 })
    for (const vendor of ['customerio', 'moengage'])
      await world.edit('workspace.yaml', {
        [`environments.local.${vendor}.base_url`]: 'https://keys.example.com',
      })
    for (const command of ['plan', 'apply', 'sync'] as const) {
      const { failed, out, err } = await world[command]()
      expect(`${failed} ${out} ${err}`).toContain('config/foreign-host')
    }
    expect(await world.requests('moengage')).toEqual([])
    expect((await world.plan({ offline: true })).exitCode).toBe(0)
  })
})
