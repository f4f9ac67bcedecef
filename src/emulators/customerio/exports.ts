import type { ShopClock } from '../clock.ts'
import { hashHex } from '../random.ts'
import type { Timers } from '../timers.ts'
import type { FilterWorld } from './audience-filter.ts'
import { fieldOf, readAudienceFilter } from './audience-filter.ts'

/** An export of people, made at one moment. */
export interface PeopleExport {
  id: number
  status: 'pending' | 'done' | 'failed'
  people: readonly number[]
  columns: readonly string[]
  description: string
  downloads: number
  createdAt: number
  updatedAt: number
}

/** The workspace's exports. */
export interface ExportRegistry {
  list(): PeopleExport[]
  find(id: number): PeopleExport | undefined
  /** Undefined when the filter is malformed. */
  start(filter: unknown, attributes: readonly string[]): PeopleExport | undefined
  fail(made: PeopleExport): void
  /** A query string that lets anybody download for fifteen minutes. */
  sign(made: PeopleExport): string
  isSigned(made: PeopleExport, expires: string | undefined, signature: string | undefined): boolean
  writeCsv(made: PeopleExport): string
}

/** What exports are made from. */
interface ExportWorld extends FilterWorld {
  clock: ShopClock
  timers: Timers
  processingDelayMs: number
  /** Real time plus what the shop's clock was moved by. */
  agingMs: () => number
}

const LINK_LIFE_MS = 15 * 60 * 1000
const FIRST_EXPORT_ID = 110
const IDENTIFIER_COLUMNS = ['cio_id', 'id', 'email'] as const
const SIGNATURE_SALT = 301

const quote = (value: string): string => (/[",\n\r]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value)

const idsIn = (filter: unknown): number[] => {
  if (typeof filter !== 'object' || filter === null) return []
  if (Array.isArray(filter)) return filter.flatMap(idsIn)
  return Object.entries(filter).flatMap(([key, value]) => (key === 'id' ? [Number(value)] : idsIn(value)))
}

/** The published example names the segment; how several are told, and other filters, is made up here. */
const describeFilter = (filter: unknown, { segments }: FilterWorld): string => {
  const names = idsIn(filter).map(id => segments.find(id)?.name ?? `segment ${id}`)
  return names.length === 0 ? 'Customers' : `Customers with segment filters—in ${names.join(', ')}`
}

/** No exports yet. */
export const createExportRegistry = (world: ExportWorld): ExportRegistry => {
  const { population, clock, timers } = world
  const made = new Map<number, PeopleExport>()
  let nextId = FIRST_EXPORT_ID
  const nowSeconds = (): number => Math.floor(clock.nowMs() / 1000)
  const signatureOf = (id: number, expires: number): string =>
    hashHex(population.seed, SIGNATURE_SALT + id, expires % 0xffff_ffff, 32)

  const finish = (pending: PeopleExport): void => {
    if (pending.status !== 'pending') return
    pending.status = 'done'
    pending.updatedAt = nowSeconds()
  }
  // Like cohort batches: what was asked for is done before the clock moves on.
  clock.onMove({ leaving: () => [...made.values()].forEach(finish) })

  return {
    list: () => [...made.values()],
    find: id => made.get(id),
    start: (filter, attributes) => {
      const test = readAudienceFilter(filter, world)
      if (test === undefined) return undefined
      const everybody = Array.from({ length: population.size }, (_, i) => i + 1)
      const at = nowSeconds()
      const started: PeopleExport = {
        id: nextId++,
        status: 'pending',
        people: everybody.filter(person => population.isHere(person) && test(person)),
        columns: [...new Set([...IDENTIFIER_COLUMNS, ...attributes])],
        description: describeFilter(filter, world),
        downloads: 0,
        createdAt: at,
        updatedAt: at,
      }
      made.set(started.id, started)
      timers.after(world.processingDelayMs, () => finish(started))
      return started
    },
    fail: failed => {
      failed.status = 'failed'
    },
    sign: ({ id }) => {
      const expires = Math.floor(world.agingMs() + LINK_LIFE_MS)
      return `expires=${expires}&signature=${signatureOf(id, expires)}`
    },
    isSigned: ({ id }, expires, signature) => {
      const until = Number(expires)
      return signature === signatureOf(id, until) && world.agingMs() < until
    },
    writeCsv: ({ columns, people }) => {
      const lines = people.map(person =>
        columns.map(column => quote(fieldOf(population, person, column) ?? '')).join(','),
      )
      return `${[columns.map(quote).join(','), ...lines].join('\n')}\n`
    },
  }
}
