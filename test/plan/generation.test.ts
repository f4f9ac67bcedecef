import { describe, expect, test } from 'vitest'
import type { Audience } from '../../src/model/audience.ts'
import type { Address, Plan } from '../../src/model/plan.ts'
import type { RecordedState } from '../../src/model/recorded.ts'
import { writePlan } from '../../src/plan/document.ts'
import type { Observed } from '../../src/plan/observed.ts'
import type { PlanInput } from '../../src/plan/plan-changes.ts'
import { comparePlans } from '../../src/plan/stale.ts'
import { anAudience } from '../support/audience.ts'
import {
  applied,
  buried,
  callsOf,
  changeAt,
  codesOf,
  faithful,
  plan,
  remoteIdOf,
  stepsOf,
  summarizePending,
  vip,
  winback,
  withObject,
  withSegments,
} from '../support/planning.ts'

const hide = (observed: Observed, ...addresses: readonly string[]): Observed => {
  const hidden = new Set(addresses.map(remoteIdOf))
  return withSegments(observed, segments => segments.filter(({ remoteId }) => !hidden.has(remoteId)))
}

const recorded = applied([vip, winback], { members: { vip: 12_000 } })
const shown = faithful(recorded, [vip, winback])
const lost = hide(shown, 'cohort.vip')

const planLost = (input: Partial<PlanInput> = {}): Plan =>
  plan({ recorded, audiences: [vip, winback], observed: lost, ...input })

const nameIn = (made: Plan, address = 'cohort.vip'): unknown =>
  changeAt(made, address).attributes.find(({ attribute }) => attribute === 'name')?.after

const recordedAs = (name: string): RecordedState =>
  withObject(recorded, 'cohort.vip', { attributes: { name, cohort_id: 'acme-vip-g2' } })

describe('a cohort that the list no longer shows', () => {
  test('is made anew under the next name, whoever points at it follows, and nothing is called for the lost one', () => {
    const made = planLost()
    expect(summarizePending(made)).toEqual([
      'rename cohort.vip',
      'update sendable.winback',
      'retire cohort.vip@g1',
    ])
    expect(stepsOf(changeAt(made, 'cohort.vip'))).toEqual([
      'name: ORC__Vip__365d → ORC__Vip__365d__G2 (recorded, drift)',
      'cohort_id: acme-vip-g1 → acme-vip-g2 (recorded, drift)',
      'listed: gone → yes (read, drift)',
    ])
    expect(callsOf(changeAt(made, 'cohort.vip'))).toEqual(['add members ×5 (12000)'])
    expect(callsOf(changeAt(made, 'cohort.vip@g1'))).toEqual([])
    expect(made.drift.map(({ detail }) => detail)).toEqual([
      'MoEngage no longer shows it: archived, or gone.',
    ])
  })

  test('its binding goes on as it is: it speaks of the declared name, as sync does', () => {
    expect(changeAt(planLost(), 'binding.vip').action).toBe('none')
  })

  const failed = { ...lost, segments: { kind: 'failed', code: 'provider/unavailable' } } as const
  const moved = withSegments(lost, segments => [...segments, { remoteId: 'another', name: vip.name }])
  test.each<[string, Partial<PlanInput>]>([
    ['the list could not be read', { observed: failed }],
    ['the list shows its name under another id', { observed: moved }],
    ['it was never listed', { recorded: withObject(recorded, 'cohort.vip', { status: 'pending' }) }],
    ['its audience is suspended', { audiences: [{ ...vip, isSuspended: true }, winback] }],
  ])('is not made anew where %s', (_story, input) => {
    expect(summarizePending(planLost(input)).filter(line => line.startsWith('rename'))).toEqual([])
  })

  test('is emptied as ever when its file is gone: a call that is lost costs nothing', () => {
    const made = planLost({ audiences: [{ ...winback, suppressedBy: [] }] })
    expect(callsOf(changeAt(made, 'cohort.vip'))).toEqual(['remove members ×5 (12000)', 'archive segment'])
  })
})

describe('its next name', () => {
  const other = anAudience({ id: 'other', name: 'ORC__Vip__365d__G2' })
  const listed = (name: string): Observed =>
    withSegments(lost, segments => [...segments, { remoteId: 'stranger', name }])
  test.each<[string, Partial<PlanInput>, string]>([
    ['is the second', {}, 'ORC__Vip__365d__G2'],
    ['follows the recorded one', { recorded: recordedAs('ORC__Vip__365d__G7') }, 'ORC__Vip__365d__G8'],
    ['leaves out a listed one', { observed: listed('ORC__Vip__365d__G2') }, 'ORC__Vip__365d__G3'],
    ['leaves out one behind a prefix', { observed: listed('[X]ORC__Vip__365d__G2') }, 'ORC__Vip__365d__G3'],
    ['leaves out a twin', { observed: listed('orc__vip__365d__g2') }, 'ORC__Vip__365d__G3'],
    ['leaves out a declared one', { audiences: [vip, winback, other] }, 'ORC__Vip__365d__G3'],
    [
      'leaves out a used one',
      {
        recorded: {
          ...recorded,
          tombstones: new Map([
            ['ORC__Vip__365d__G2', { ...buried('ORC__Vip__365d__G2', 'cohort.vip', 'renamed') }],
          ]),
        },
      },
      'ORC__Vip__365d__G3',
    ],
    [
      'is the one that its file gives it now',
      { audiences: [{ ...vip, name: 'ORC__Best__365d' }, winback] },
      'ORC__Best__365d',
    ],
  ])('%s', (_story, input, name) => {
    const made = planLost(input)
    expect(nameIn(made)).toBe(name)
    expect(codesOf(made)).toEqual([])
  })

  test('is wanted from then on: nothing is to do, whatever the declared name says', () => {
    const made = recordedAs('ORC__Vip__365d__G2')
    expect(summarizePending(planLost({ recorded: made, observed: faithful(made, [vip, winback]) }))).toEqual(
      [],
    )
  })

  test.each(['ORC__Vip__365d__G1', 'ORC__Vip__365d__G02', 'ORC__Vip__365d__g2', 'ORC__Vip__365d__G2 '])(
    'is not taken for one that reads "%s": that is another name, which the file changed',
    name => {
      const made = recordedAs(name)
      expect(nameIn(planLost({ recorded: made, observed: faithful(made, [vip, winback]) }))).toBe(vip.name)
    },
  )

  test('fits into what MoEngage keeps of a name, and is found again', () => {
    const long = { ...vip, name: `ORC__${'V'.repeat(189)}__365d` }
    const before = applied([long])
    const name = String(
      nameIn(plan({ recorded: before, audiences: [long], observed: hideAll(before, [long]) })),
    )
    expect([name.length, name.endsWith('__G2')]).toEqual([200, true])
    const after = withObject(before, 'cohort.vip', { attributes: { name, cohort_id: 'acme-vip-g2' } })
    expect(summarizePending(plan({ recorded: after, audiences: [long] }))).toEqual([])
  })

  const hideAll = (state: RecordedState, audiences: readonly Audience[]): Observed =>
    withSegments(faithful(state, audiences), () => [])
})

describe('guards of a rename do not stand in its way', () => {
  test('what is lost is no loss of a protected audience', () => {
    const isProtected = [{ ...vip, isProtected: true }, winback]
    const made = planLost({ recorded: applied(isProtected), audiences: isProtected })
    expect(codesOf(made)).toEqual([])
  })

  test('all that is known of a suppression is better than nobody', () => {
    const made = planLost({ recorded: { ...recorded, synced: new Map() } })
    expect(codesOf(made)).toEqual([])
  })

  test('but everything that points at it must follow', () => {
    expect(codesOf(planLost({ only: new Set(['vip']) }))).toEqual(['guard/partial-rename'])
  })
})

describe('a sendable segment that is archived, too', () => {
  const both = hide(lost, 'sendable.winback')

  test('cannot be re-pointed: another one takes its place', () => {
    const made = planLost({ observed: both })
    const change = changeAt(made, 'sendable.winback')
    expect(change.action).toBe('rename')
    expect(stepsOf(change)).toEqual([
      'name: ACT__Winback__60d__Sendable → ACT__Winback__60d__G2__Sendable (read, drift)',
      'exclude: [cohort.vip@g1] → [cohort.vip] (read, file)',
      'listed: gone → yes (read, drift)',
    ])
    expect(callsOf(change)).toEqual(['create sendable segment'])
  })

  test.each([
    [997, []],
    [998, ['guard/segment-limit']],
  ])('counts as one more segment, beside %s others', (others, codes) => {
    const crowd = withSegments(both, segments => [
      ...segments,
      ...Array.from({ length: others }, (_each, index) => ({
        remoteId: `other-${index}`,
        name: `Other ${index}`,
      })),
    ])
    expect(codesOf(planLost({ observed: crowd }))).toEqual(codes)
  })

  test('takes the name that its file gives it', () => {
    const made = planLost({ observed: both, audiences: [vip, { ...winback, name: 'ACT__Back__60d' }] })
    expect(nameIn(made, 'sendable.winback')).toBe('ACT__Back__60d__Sendable')
  })

  test('is told apart from a new name that only MoEngage gave it', () => {
    const renamed = withSegments(shown, segments =>
      segments.map(segment =>
        segment.remoteId === remoteIdOf('sendable.winback') ? { ...segment, name: 'By hand' } : segment,
      ),
    )
    expect(summarizePending(planLost({ observed: renamed }))).toEqual([])
  })
})

describe('between review and apply', () => {
  const compare = (reviewed: Plan, fresh: Plan): string => {
    const comparison = comparePlans(writePlan(reviewed), writePlan(fresh))
    return comparison.kind === 'stale' ? comparison.differences.join('\n') : comparison.kind
  }

  test('the same is the same', () => {
    expect(compare(planLost(), planLost())).toBe('same')
  })

  test('the list shows it again: the plan is stale', () => {
    expect(compare(planLost(), planLost({ observed: shown }))).toContain(
      'cohort.vip: rename is not called for any more, and was not done by muster',
    )
  })

  test('it is lost after a rename was reviewed: the plan is stale', () => {
    const audiences = [{ ...vip, name: 'ORC__Best__365d' }, winback]
    const reviewed = planLost({ observed: shown, audiences })
    expect(compare(reviewed, planLost({ audiences }))).toContain('listed would become')
  })

  const half: RecordedState = {
    ...recorded,
    head: 8,
    objects: new Map([
      ...recorded.objects,
      [
        'cohort.vip@g1' as Address,
        { ...at('cohort.vip'), address: 'cohort.vip@g1' as Address, audience: 'vip@g1' },
      ],
    ]),
  }
  const loading = withObject(half, 'cohort.vip', {
    attributes: { name: 'ORC__Vip__365d__G2', cohort_id: 'acme-vip-g2' },
    status: 'pending',
    carriesFrom: 'vip@g1',
    remoteId: 'new',
  })
  const pointing = withObject(loading, 'sendable.winback', {
    attributes: { ...at('sendable.winback').attributes, exclude: ['cohort.vip@g1'] },
  })

  test('half of it is done: the rest is a remainder of what was reviewed', () => {
    const fresh = planLost({ recorded: pointing })
    expect(summarizePending(fresh)).toEqual([
      'update cohort.vip',
      'update sendable.winback',
      'retire cohort.vip@g1',
    ])
    expect(compare(planLost(), fresh)).toBe('same')
  })

  test('the lost one is listed again while half is done: its members would be removed, which nobody reviewed', () => {
    expect(compare(planLost(), planLost({ recorded: pointing, observed: shown }))).toContain(
      'cohort.vip@g1: listed was "gone" → null',
    )
  })

  function at(address: Address) {
    const object = recorded.objects.get(address)
    if (!object) throw new Error(`no ${address}`)
    return object
  }
})
