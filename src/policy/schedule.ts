import type { Audience } from '../model/audience.ts'
import { formatDuration, MINUTE_MS } from '../model/time.ts'
import type { Objection, Policy, Programme } from './policy.ts'
import { isSynced } from './reach.ts'
import { sayCount } from './sentence.ts'

/** People on one page that Customer.io gives, and UUIDs in one call that MoEngage takes. */
const PEOPLE_PER_READ = 30_000
const PEOPLE_PER_PUSH = 2_500

/** What the vendors themselves allow in a minute, for all who call them. Fact sheets of MoEngage 2.2, Customer.io 1. */
const VENDORS = {
  moengage: { name: 'MoEngage', perMinute: 300, key: 'moengage_per_minute' },
  customerio: { name: 'Customer.io', perMinute: 600, key: 'customerio_per_second' },
} as const

/** From this share of what is allowed on, a busy day or a second partner is enough to be late. */
const NEARLY_ALL = 0.8

/** A schedule that needs more calls than there are makes every sync late, and the next one too. */
export const schedulePolicy: Policy = {
  code: 'policy/schedule',
  summary: 'The schedule needs more calls than there are',
  recommendation:
    'Add up what all syncs of the workspace call in a minute, and stay below what the vendors allow.',
  severity: 'error',
  judges: 'specs',
  judge: programme => {
    const { rates } = programme.workspace
    return [
      ...judgeVendor('moengage', rates.moengagePerMinute, programme),
      ...judgeVendor('customerio', rates.customerioPerSecond * 60, programme),
    ]
  },
}

type Vendor = keyof typeof VENDORS

const judgeVendor = (vendor: Vendor, allowed: number, programme: Programme): readonly Objection[] => {
  const needs = programme.audiences
    .filter(isSynced)
    .map(audience => ({ audience, perMinute: callsPerMinute(vendor, audience) }))
    .sort((a, b) => b.perMinute - a.perMinute)
  const needed = needs.reduce((sum, { perMinute }) => sum + perMinute, 0)
  const [first] = needs
  if (!first || needed <= allowed * NEARLY_ALL) return []
  const { name, perMinute, key } = VENDORS[vendor]
  return [
    {
      ...(needed > allowed ? {} : { severity: 'warning' }),
      detail: `This schedule needs ${sayCount(Math.ceil(needed))} calls a minute of ${name}. The workspace allows ${sayCount(allowed)}, and ${name} itself ${sayCount(perMinute)} for everybody who calls it.`,
      hint: `sync less often; "${first.audience.id}" alone needs ${sayCount(Math.ceil(first.perMinute))} a minute, every ${formatDuration(first.audience.timing.syncEveryMs)}`,
      path: ['rate', key],
    },
  ]
}

/**
 * What one audience calls on average. Its size is what `size.max` says, and without one it counts as small. In a window
 * everybody is replaced once, so a sync meets the share of them that its cadence is of the window.
 */
const callsPerMinute = (vendor: Vendor, { timing, size }: Audience): number => {
  const members = size?.max ?? 0
  const replaced = members * Math.min(1, timing.syncEveryMs / timing.windowMs)
  const calls =
    vendor === 'customerio'
      ? 2 + Math.max(1, Math.ceil(members / PEOPLE_PER_READ))
      : 2 * Math.max(1, Math.ceil(replaced / PEOPLE_PER_PUSH))
  return calls / (timing.syncEveryMs / MINUTE_MS)
}
