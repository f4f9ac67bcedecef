import type { Scene } from './story.ts'
import type { SyncFault } from './sync-faults.ts'

const LIST = { method: 'GET', route: '/v1/exports' }
const START = { method: 'POST', route: '/v1/exports/customers' }
const EXPORT = { method: 'GET', route: '/v1/exports/:id' }
const LINK = { method: 'GET', route: '/v1/exports/:id/download' }
const FILE = { method: 'GET', route: '/downloads/exports/:id' }
const ALWAYS = { times: 'always' }

/** An attribute as identifier, which no page tells: Customer.io has to make an export. */
const BY_ATTRIBUTE = { isByAttribute: true } as const

const strike =
  (fault: Readonly<Record<string, unknown>>) =>
  ({ world }: Scene): Promise<void> =>
    world.fault('customerio', fault)

/** The number that Customer.io's emulator gives to the first one. */
const FIRST_EXPORT = 110

/** Customer.io gives up the export that it was asked for, before it is asked how far it has come. */
const failExport = async ({ world, switchboard }: Scene): Promise<void> =>
  switchboard.listen(async ({ route, phase }) => {
    if (route !== START.route || phase !== 'after') return
    await world.ask('customerio', `exports/${FIRST_EXPORT}`, { status: 'failed' })
  })

const faults: readonly Omit<SyncFault, 'isByAttribute'>[] = [
  {
    name: 'the link of an export has expired, once',
    exit: 0,
    read: 'complete',
    upset: strike({ kind: 'status', status: 403, match: FILE }),
  },
  {
    name: 'the link of an export has always expired',
    exit: 1,
    read: 'none',
    upset: strike({ kind: 'status', status: 403, match: FILE, ...ALWAYS }),
  },
  { name: 'an export fails', exit: 1, read: 'none', upset: failExport },
  {
    name: 'an export is made, and no answer comes',
    exit: 0,
    read: 'complete',
    upset: strike({ kind: 'unknown', match: START }),
  },
  {
    name: 'an export is not made, and no answer comes',
    exit: 0,
    read: 'complete',
    upset: strike({ kind: 'reset', match: START }),
  },
  {
    name: 'exports cannot be listed',
    exit: 1,
    read: 'none',
    upset: strike({ kind: 'status', status: 500, match: LIST, ...ALWAYS }),
  },
  {
    name: 'an export cannot be asked for',
    exit: 1,
    read: 'none',
    upset: strike({ kind: 'status', status: 500, match: EXPORT, ...ALWAYS }),
  },
  {
    name: 'no link is given to an export',
    exit: 1,
    read: 'none',
    upset: strike({ kind: 'status', status: 404, match: LINK, ...ALWAYS }),
  },
  {
    name: 'the file of an export breaks off, once',
    exit: 0,
    read: 'complete',
    upset: strike({ kind: 'truncate', match: FILE }),
  },
  {
    name: 'the file of an export always breaks off',
    exit: 4,
    read: 'incomplete',
    upset: strike({ kind: 'truncate', match: FILE, ...ALWAYS }),
  },
  {
    name: 'the file of an export is always cut short',
    exit: 4,
    read: 'incomplete',
    upset: strike({ kind: 'cut', match: FILE, ...ALWAYS }),
  },
  {
    name: 'the file of an export is an HTML page',
    exit: 1,
    read: 'none',
    upset: strike({ kind: 'html', status: 200, match: FILE, ...ALWAYS }),
  },
  {
    name: 'the total of an export disagrees with its file',
    exit: 4,
    read: 'incomplete',
    upset: strike({ kind: 'wrong-count', match: EXPORT, ...ALWAYS }),
  },
]

/** What Customer.io can do to a sync that reads an export. */
export const EXPORT_FAULTS: readonly SyncFault[] = faults.map(fault => ({ ...fault, ...BY_ATTRIBUTE }))
