import type { CustomerioConnection } from '../../../src/model/workspace.ts'
import {
  type CustomerioWriterOptions,
  createCustomerioReader,
  createCustomerioWriter,
} from '../../../src/providers/customerio/provider.ts'
import { createSurroundings, KEY } from '../support/client.ts'
import { createInstantClock } from '../support/clock.ts'
import type { Stub } from '../support/stub.ts'

export const CONNECTION: CustomerioConnection = {
  region: 'us',
  appKeyEnv: 'CUSTOMERIO_APP_KEY',
  track: { siteIdEnv: 'CUSTOMERIO_SITE_ID', apiKeyEnv: 'CUSTOMERIO_TRACK_KEY' },
}

export const SITE_ID = 'site_synthetic_01'
export const TRACK_KEY = 'track_synthetic_9876543210'

export const openReader = (stub: Stub, clock = createInstantClock()) =>
  createCustomerioReader({
    ...createSurroundings(clock),
    connection: { ...CONNECTION, baseUrl: stub.url },
    appKey: KEY,
  })

export const openWriter = (stub: Stub, more: Partial<CustomerioWriterOptions> = {}) =>
  createCustomerioWriter({
    ...createSurroundings(),
    connection: { ...CONNECTION, baseUrl: stub.url },
    appKey: KEY,
    trackKeys: () => ({ siteId: SITE_ID, apiKey: TRACK_KEY }),
    ...more,
  })
