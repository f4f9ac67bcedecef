import type { CrashPoint } from './process.ts'
import type { SyncFault } from './sync-faults.ts'

const PAGE = '/v1/segments/:id/membership'
const nothing = async (): Promise<void> => undefined

const killAt = (point: CrashPoint) => () => ({ point })

const killAtPage = (number: number) => () => {
  let asked = 0
  return {
    isLast: ({ route }: { readonly route: string }) => {
      if (route === PAGE) asked += 1
      return asked === number
    },
  }
}

/** What can happen to the process itself. `npm run faults` kills it at every write; here is one of each kind. */
export const PROCESS_FAULTS: readonly SyncFault[] = [
  { name: 'the process is killed while it reads', read: 'none', upset: nothing, ends: killAtPage(3) },
  {
    name: 'the process is killed between reading and sending',
    read: 'unknown',
    upset: nothing,
    ends: killAt({ at: 'call', number: 1, when: 'before' }),
  },
  {
    name: 'the process is killed with a batch under way',
    read: 'complete',
    upset: nothing,
    ends: killAt({ at: 'call', number: 2, when: 'after' }),
  },
  {
    name: 'nothing can be written to the disk',
    exit: 1,
    read: 'none',
    upset: nothing,
    ends: () => ({ fileLimit: 1 }),
  },
  // With a database, the disk of this machine holds what is read and nothing else.
  ...(process.env.MUSTER_TEST_STORE === 'postgres'
    ? []
    : [
        {
          name: 'the disk is full while it sends',
          exit: 1,
          read: 'unknown',
          upset: nothing,
          ends: () => ({ fileLimit: 12 }),
        } as const,
      ]),
]
