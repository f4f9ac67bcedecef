import type { SyncCount } from '../model/history.ts'
import type { Paint } from './paint.ts'
import { alignColumns, formatNumber } from './words.ts'

const HEADER = ['synced', 'stage', 'ended', 'read', 'skipped', 'added', 'removed', 'held', 'members']

/** One sync a line, the newest last. */
export const renderHistory = (audience: string, counts: readonly SyncCount[], paint: Paint): string => {
  if (counts.length === 0) return `No sync of ${audience} was counted yet.\n`
  const [header = '', ...lines] = alignColumns([HEADER, ...counts.map(toRow)])
  return `${[paint.bold(audience), '', paint.dim(header), ...lines].join('\n')}\n`
}

const toRow = (count: SyncCount): string[] => [
  count.at.slice(0, 16).replace('T', ' '),
  count.stage,
  count.ended === 'stopped' ? `stopped: ${count.refused.join(', ')}` : count.ended,
  ...[count.read, count.skipped, count.added, count.removed, count.held, count.members].map(formatNumber),
]

/** The same for programs: one object, ends with a newline. Keys may be added, never renamed. */
export const renderHistoryJson = (audience: string, counts: readonly SyncCount[]): string =>
  `${JSON.stringify({ id: audience, counts: counts.map(writeCount) }, null, 2)}\n`

const writeCount = ({ at, runId, stage, ended, members, audience: _id, ...counts }: SyncCount) => ({
  at,
  run_id: runId,
  stage,
  ended,
  accepted: members,
  ...counts,
})
