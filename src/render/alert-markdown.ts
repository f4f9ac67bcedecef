import type { AlertNews, RecordedAlert } from '../model/alert.ts'
import { takeWithin } from './byte-budget.ts'
import { inertCode, inertText } from './inert-markdown.ts'
import { countOf, formatNumber } from './words.ts'

/** An issue takes 65,536 characters, and drift has a part in the same one. */
const BODY_BYTES = 28_000
const NEWS_BYTES = 10_000

/** What is wrong now, as a part of an issue. Says the same as long as the same is wrong. */
export const renderAlertBody = ({ open }: Pick<AlertNews, 'open'>): string =>
  [
    '#### Monitor',
    '',
    `${countOf(open.length, 'thing needs', 'things need')} a look:`,
    '',
    ...listWithin(open.map(describeOpen), BODY_BYTES),
    '',
    'What stands here is how it was first found. `muster monitor` says how it is now.',
  ].join('\n')

/** What this look has brought, as a comment. */
export const renderAlertComment = (
  { begun, over }: Pick<AlertNews, 'begun' | 'over'>,
  runUrl: string | undefined,
): string =>
  [
    ...listWithin([...begun.map(describeBegun), ...over.map(describeOver)], NEWS_BYTES),
    ...(runUrl === undefined ? [] : ['', `Says [this run](${runUrl}).`]),
  ].join('\n')

const listWithin = (lines: readonly string[], bytes: number): readonly string[] => {
  const { kept, left } = takeWithin(lines, bytes)
  return left > 0 ? [...kept, `- … and ${formatNumber(left)} more`] : kept
}

const describeOpen = (alert: RecordedAlert): string =>
  `- **${inertText(alert.summary)}** ${inertCode(alert.code)}, since ${sayMoment(alert.since)}. ${inertText(alert.detail)} ${inertCode(alert.hint)}`

const describeBegun = ({ summary, detail }: RecordedAlert): string =>
  `- New: **${inertText(summary)}.** ${inertText(detail)}`

const describeOver = ({ summary, audience, since }: RecordedAlert): string =>
  `- Over: ${inertText(summary)}${audience === undefined ? '' : ` (${inertCode(audience)})`}, since ${sayMoment(since)}.`

const sayMoment = (at: string): string => `${at.slice(0, 16).replace('T', ' ')} UTC`
