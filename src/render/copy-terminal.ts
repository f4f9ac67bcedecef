import type { Instant } from '../model/time.ts'
import { agoOf, alignColumns, countOf, formatNumber } from './words.ts'

/** A store that was copied from one place to another. */
export interface CopyTold {
  readonly from: string
  readonly to: string
  readonly storeId: string
  readonly head: number
  readonly tables: readonly { readonly name: string; readonly rows: number; readonly digest: string }[]
  /** Rows that were there already, from a copy that was stopped. */
  readonly found: number
}

/** As many characters of a digest as a person compares. */
const SHOWN_DIGEST = 12

/** What was migrated, and what is to be done about the store of before. */
export const renderMigrated = (told: CopyTold, isFile: boolean): string =>
  paragraphs([
    renderTables(told),
    `${describeAll(told)} were copied from "${told.from}" to "${told.to}"; each table was read back and is the same.${describeFound(told)}`,
    [
      'What to do',
      '  1. In workspace.yaml, and wherever --store is written, name the new store. Merge that before the next sync.',
      `  2. Once a sync ran with it, ${isFile ? `move "${told.from}" and the files beside it away` : `drop the schema of "${told.from}", or take its rights away`}.`,
      `"${told.from}" is as it was. Whoever goes on with it has a store that knows nothing of what the other one sends: only one may be used.`,
    ].join('\n'),
  ])

/** What a backup holds, and how it is to be kept. */
export const renderBackedUp = (told: CopyTold): string =>
  paragraphs([
    renderTables(told),
    `${describeAll(told)} were written to "${told.to}". It holds identifiers of people: keep it as you keep the store.`,
  ])

/** What was restored, and what such a store does not know. */
export const renderRestored = (
  told: CopyTold,
  { madeAt, now }: { readonly madeAt: Instant; readonly now: Instant },
): string =>
  paragraphs([
    renderTables(told),
    `${describeAll(told)} were restored from "${told.from}" to "${told.to}"; each table was read back and is the same.${describeFound(told)}`,
    [
      `The backup was made at ${madeAt}, ${agoOf(madeAt, now)}. What it cannot know is what happened since:`,
      '  applied since: muster plan shows what differs, and muster drift what is there besides',
      '  sent since: the next sync sends it again, which changes nothing',
      '  entered since and left again since: they stay in the cohort; they are removed once they enter and leave again',
      'Next: muster plan, then muster sync.',
    ].join('\n'),
  ])

/** The same for programs. */
export const writeCopied = ({ from, to, storeId, head, tables, found }: CopyTold): string =>
  `${JSON.stringify({
    from,
    to,
    store_id: storeId,
    head,
    tables: Object.fromEntries(tables.map(({ name, rows, digest }) => [name, { rows, digest }])),
    found_rows: found,
  })}\n`

const renderTables = ({ tables }: CopyTold): string =>
  alignColumns([
    ['table', 'rows', 'digest'],
    ...tables.map(({ name, rows, digest }) => [name, formatNumber(rows), digest.slice(0, SHOWN_DIGEST)]),
  ]).join('\n')

const describeAll = ({ storeId, head, tables }: CopyTold): string => {
  const rows = tables.reduce((sum, table) => sum + table.rows, 0)
  return `Store ${storeId}, head ${head}: ${countOf(rows, 'row')} of ${countOf(tables.length, 'table')}`
}

const describeFound = ({ found }: CopyTold): string =>
  found === 0 ? '' : ` ${countOf(found, 'row')} had been brought over before.`

const paragraphs = (parts: readonly string[]): string => `${parts.join('\n\n')}\n`
