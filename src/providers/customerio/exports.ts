import { fail, failureOf } from '../../model/failure.ts'
import { isLoopback } from '../../model/loopback.ts'
import type { PeopleExport, PeopleExports, PeoplePage } from '../../ports.ts'
import { openDownload } from '../download.ts'
import { DEFAULT_TIMEOUTS, openWriteClient } from '../http.ts'
import { orMissing } from '../missing.ts'
import { buildFailure } from '../provider-failure.ts'
import { createExportApi, type ExportApi } from './api.ts'
import { type CustomerioOptions, toAppOptions } from './app-options.ts'
import { encodeExport, toLink, toOneExport, toPeopleExports } from './convert-export.ts'
import { readRows } from './export-rows.ts'

/** Customer.io's people exports. For what syncs and applies: making one is a POST. */
export const createCustomerioExports = (options: CustomerioOptions): PeopleExports => {
  const { get, post } = openWriteClient(toAppOptions(options))
  const api = createExportApi({ get, post })
  return {
    listExports: async () => toPeopleExports(await api.listExports()),
    startExport: async (segmentId, attribute) =>
      toOneExport(await api.createExport(encodeExport(segmentId, attribute), `segment ${segmentId}`)),
    readExport: async exportId => {
      const answer = await orMissing(api.getExport(exportId))
      return answer && toOneExport(answer)
    },
    readPeople: (done, column) => readPeople({ api, options, done }, column),
  }
}

interface Reading {
  readonly api: ExportApi
  readonly options: CustomerioOptions
  readonly done: PeopleExport
}

const TITLE = 'Customer.io'

async function* readPeople(reading: Reading, column: string): AsyncGenerator<PeoplePage['people']> {
  const { exportId, total } = reading.done
  const about = `export ${exportId}`
  yield* readRows(openFile(reading, about), {
    column,
    total,
    answered: { origin: 'customerio', title: TITLE, call: `the download of ${about}`, isWrite: false },
    breakOff: why =>
      fail(
        buildFailure({
          origin: 'customerio',
          code: 'provider/truncated',
          detail: `${TITLE}, download of ${about}: ${why}.`,
        }),
      ),
  })
}

/** Links that were asked for before one is given up. They live for a quarter of an hour, and waiting calls may age them. */
const MOST_LINKS = 3

/** The bytes of the file, behind a link that is asked for anew when it is refused. */
async function* openFile({ api, options, done }: Reading, about: string): AsyncGenerator<Uint8Array> {
  const { connection, version, signal, timeouts } = options
  for (let links = 1; ; links += 1) {
    const link = toLink(await api.getDownload(done.exportId))
    try {
      return yield* openDownload(
        link,
        { origin: 'customerio', title: TITLE, about },
        {
          mayBePlain: isPlayedHere(connection.baseUrl),
          version,
          signal,
          timeouts: { ...DEFAULT_TIMEOUTS, ...timeouts },
        },
      )
    } catch (error) {
      // Refused before its first byte: nothing was told of the file yet.
      if (failureOf(error)?.code !== 'provider/link-refused' || links === MOST_LINKS) throw error
    }
  }
}

/** Whether all of the vendor is played on this machine, where nobody has certificates. */
const isPlayedHere = (baseUrl: string | undefined): boolean =>
  baseUrl !== undefined && isLoopback(new URL(baseUrl).hostname)
