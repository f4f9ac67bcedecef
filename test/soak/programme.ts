import { DAY_MS, HOUR_MS } from '../../src/model/time.ts'
import type { Shop } from '../faults/shop.ts'
import type { WatchedAudience } from '../faults/watch.ts'
import type { World } from '../support/world.ts'

/** Segments whose people the soak moves by hand, besides those that the shop's own life moves. */
const MANUAL = ['Guests', 'Founders', 'Sample', 'Trial'] as const
const TESTERS = Array.from({ length: 10 }, (_each, index) => `emp_${String(index + 1).padStart(3, '0')}`)

interface Declared {
  readonly id: string
  readonly name: string
  readonly intent: 'activation' | 'suppression' | 'qa'
  readonly source: string
  readonly exit: string
  readonly rollout: string
  readonly suppressedBy?: readonly string[]
  readonly rules: WatchedAudience['rules']
}

const LIVE = '{ stage: live }'
const HELD_OUT = 20
const CANARY = 30

/** Eight audiences: every exit rule, a canary, a holdout, testers in a manual segment that muster fills, suppressions. */
const DECLARED: readonly Declared[] = [
  {
    id: 'active',
    name: 'SUP__Active__30m',
    intent: 'suppression',
    source: '{ segment: 13, name: Active in app 30m }',
    exit: '{ rule: sticky, for: 6h, from: exit }',
    rollout: LIVE,
    rules: { exit: { rule: 'sticky', from: 'exit', forMs: 6 * HOUR_MS } },
  },
  {
    id: 'buyers',
    name: 'SUP__Buyers__7d',
    intent: 'suppression',
    source: '{ segment: 12, name: Recent purchasers 7d }',
    exit: '{ rule: remove }',
    rollout: LIVE,
    rules: { exit: { rule: 'remove' } },
  },
  {
    id: 'carts',
    name: 'ACT__Carts__2h',
    intent: 'activation',
    source: '{ segment: 14, name: Cart abandoners 2h }',
    exit: '{ rule: sticky, for: 12h, from: entry }',
    rollout: LIVE,
    suppressedBy: ['active', 'buyers'],
    rules: { exit: { rule: 'sticky', from: 'entry', forMs: 12 * HOUR_MS } },
  },
  {
    id: 'founders',
    name: 'ACT__Founders__365d',
    intent: 'activation',
    source: '{ segment: 102, name: Founders }',
    exit: '{ rule: keep, because: "Whoever was there at the start stays a founder." }',
    rollout: LIVE,
    rules: { exit: { rule: 'keep' } },
  },
  {
    id: 'guests',
    name: 'ACT__Guests__2d',
    intent: 'activation',
    source: '{ segment: 101, name: Guests }',
    exit: '{ rule: sticky, for: 2d, from: exit, no_reentry_for: 3d }',
    rollout: LIVE,
    suppressedBy: ['buyers'],
    rules: {
      exit: { rule: 'sticky', from: 'exit', forMs: 2 * DAY_MS, noReentryForMs: 3 * DAY_MS },
    },
  },
  {
    id: 'sample',
    name: 'ACT__Sample__1d',
    intent: 'activation',
    source: '{ segment: 103, name: Sample }',
    exit: '{ rule: sticky, for: 1d, from: entry, no_reentry_for: 12h }',
    rollout: `{ stage: canary, percent: ${CANARY} }`,
    rules: {
      exit: { rule: 'sticky', from: 'entry', forMs: DAY_MS, noReentryForMs: 12 * HOUR_MS },
      stage: { kind: 'canary', percent: CANARY },
    },
  },
  {
    id: 'staff',
    name: 'QA__Staff__365d',
    intent: 'qa',
    source: '{ manual: { name: Staff who test, members: testers } }',
    exit: '{ rule: remove }',
    rollout: '{ stage: qa }',
    rules: { exit: { rule: 'remove' }, stage: { kind: 'qa' }, testers: TESTERS },
  },
  {
    id: 'trial',
    name: 'ACT__Trial__1d',
    intent: 'activation',
    source: '{ segment: 104, name: Trial }',
    exit: '{ rule: remove }',
    rollout: `{ stage: live, holdout_percent: ${HELD_OUT} }`,
    rules: { exit: { rule: 'remove' }, holdoutPercent: HELD_OUT },
  },
]

const writeSpec = ({ id, name, intent, source, exit, rollout, suppressedBy }: Declared): string =>
  `id: ${id}
name: ${name}
description: Part of a month in which much goes wrong.
intent: ${intent}
use_case: soak
owner: { team: lifecycle, contact: lifecycle@example.com, approvers: ["@acme/lifecycle"] }
source: ${source}
identifier: { key: id, min_coverage: 50% }
exit: ${exit}
timing: { window: ${name.split('__')[2]}, sync_every: 15m }
${suppressedBy ? `suppressed_by: [${suppressedBy.join(', ')}]\n` : ''}rollout: ${rollout}
guards: { max_removal: 100%, max_growth: 1000% }
`

/** The segments that the soak moves, by their names. */
export type Moved = ReadonlyMap<(typeof MANUAL)[number], number>

/** Declares the programme, and makes the segments that it reads. The last one is made by muster itself. */
export const declareProgramme = async (
  world: World,
  shop: Shop,
): Promise<{ readonly audiences: readonly WatchedAudience[]; readonly moved: Moved }> => {
  const moved = new Map<(typeof MANUAL)[number], number>()
  for (const name of MANUAL) moved.set(name, await shop.makeSegment(name))
  await world.edit('workspace.yaml', {
    'environments.live': undefined,
    'environments.local.customerio.track_site_id_env': 'CUSTOMERIO_SITE_ID',
    'environments.local.customerio.track_api_key_env': 'CUSTOMERIO_TRACK_KEY',
  })
  for (const declared of DECLARED) await world.write(`${declared.id}.yaml`, writeSpec(declared))
  const madeByMuster = Math.max(...moved.values()) + 1
  const audiences = DECLARED.map(({ id, name, source, rules }) => ({
    id,
    cohort: name,
    segmentId: Number(/segment: (\d+)/.exec(source)?.[1] ?? madeByMuster),
    rules,
  }))
  return { audiences, moved }
}
