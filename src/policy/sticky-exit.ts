import type { Audience, ExitRule } from '../model/audience.ts'
import { DAY_MS, formatDuration } from '../model/time.ts'
import type { Objection, Policy } from './policy.ts'

/** How many windows somebody may stay who is no longer meant. */
const MOST_WINDOWS = 3

type StickyRule = Extract<ExitRule, { readonly kind: 'sticky' }>

/** A stay that the syncs are too slow to notice does nothing, and one far past the window messages the wrong people. */
export const stickyExitPolicy: Policy = {
  code: 'policy/sticky-exit',
  summary: 'The stay does not fit the audience',
  recommendation: 'A sticky stay is longer than the time between syncs, and not many times the window.',
  severity: 'warning',
  judges: 'specs',
  judge: ({ audiences }) =>
    audiences.flatMap(audience =>
      audience.exit.kind === 'sticky' && audience.intent !== 'suppression'
        ? judgeStay(audience, audience.exit)
        : [],
    ),
}

const judgeStay = ({ id, timing }: Audience, exit: StickyRule): readonly Objection[] => {
  const longestMs = Math.max(MOST_WINDOWS * timing.windowMs, DAY_MS)
  const stay = formatDuration(exit.forMs)
  if (exit.forMs < timing.syncEveryMs)
    return [
      {
        detail: `People are to stay for ${stay}, and a sync comes every ${formatDuration(timing.syncEveryMs)}: it makes no difference.`,
        hint: `write exit: { rule: remove }, or a stay longer than ${formatDuration(timing.syncEveryMs)}`,
        audience: id,
        path: ['exit', 'for'],
      },
    ]
  if (exit.forMs > longestMs)
    return [
      {
        detail: `The segment looks at ${formatDuration(timing.windowMs)}, and people stay for ${stay} from ${exit.from}: most of the cohort would be people who are not meant any more.`,
        hint: `stay for at most ${formatDuration(longestMs)}`,
        audience: id,
        path: ['exit', 'for'],
      },
    ]
  return []
}
