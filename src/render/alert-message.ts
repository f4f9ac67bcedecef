import type { AlertNews, RecordedAlert } from '../model/alert.ts'
import { takeWithin } from './byte-budget.ts'
import { showLine } from './show-value.ts'
import { countOf, formatNumber } from './words.ts'

/** A chat cuts off what is much longer. */
const MESSAGE_BYTES = 3_500

/** What has begun and what is over, as one message for a chat that reads Slack's form. */
export const renderAlertMessage = ({ environment, open, begun, over }: AlertNews): string => {
  const lines = [...begun.flatMap(describeBegun), ...over.map(describeOver)]
  const { kept, left } = takeWithin(lines, MESSAGE_BYTES)
  const still = open.length - begun.length
  return [
    `*muster ${inert(environment)}*: ${formatNumber(begun.length)} new, ${formatNumber(over.length)} over`,
    ...kept,
    ...(left > 0 ? [`… and ${countOf(left, 'line')} more`] : []),
    ...(still > 0 ? [`${countOf(still, 'other thing is', 'other things are')} still open`] : []),
  ].join('\n')
}

const describeBegun = ({ summary, detail, hint }: RecordedAlert): readonly string[] => [
  `• *${inert(summary)}.* ${inert(detail)}`,
  `   ${inert(hint)}`,
]

const describeOver = ({ summary, audience }: RecordedAlert): string =>
  `• Over: ${inert(summary)}${audience === undefined ? '' : ` (${inert(audience)})`}`

/** Links, mentions and calls to a whole channel all begin with an angle bracket. */
const inert = (text: string): string =>
  showLine(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
