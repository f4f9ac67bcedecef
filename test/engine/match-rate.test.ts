import { describe, expect, test } from 'vitest'
import { limitLookups, sampleMatchRate } from '../../src/engine/match-rate.ts'
import type { Run } from '../../src/engine/run.ts'
import { type Failure, FailureError } from '../../src/model/failure.ts'
import { NOBODY_HELD, NOBODY_KEPT_OUT } from '../../src/model/membership.ts'
import type { UserLookup } from '../../src/ports.ts'
import { anAudience } from '../support/audience.ts'

const vip = anAudience()

/** A run as far as looking users up needs one. */
const runWith = (users: UserLookup | undefined, signal = new AbortController().signal): Run =>
  ({ signal, ...(users ? { users } : {}) }) as Run

const refused = (): never => {
  throw new FailureError({
    origin: 'moengage',
    code: 'provider/forbidden',
    detail: 'MoEngage refused.',
    retryable: false,
  })
}

interface Asked {
  readonly calls: number[]
  readonly users: UserLookup
}

/** Knows a share of those it is asked for; `failAt` is the call that is refused. */
const usersWho = (know: (asked: number) => number, failAt = Number.POSITIVE_INFINITY): Asked => {
  const calls: number[] = []
  return {
    calls,
    users: {
      countKnown: async identifiers => {
        calls.push(identifiers.length)
        return calls.length >= failAt ? refused() : know(identifiers.length)
      },
    },
  }
}

const deltaOf = (adds: number, recorded: number) => ({
  counts: {
    adds,
    recorded,
    wanted: recorded + adds,
    removes: 0,
    again: 0,
    held: NOBODY_HELD,
    keptOut: NOBODY_KEPT_OUT,
  },
  sample: async (_list: string, limit: number) =>
    Array.from({ length: Math.min(limit, adds) }, (_, index) => `usr_${index}`),
})

const firstLoad = (adds: number) => ({ audience: vip, delta: deltaOf(adds, 0), isFirstLoad: true })

describe('before many are added', () => {
  test('two hundred of them are looked up, in ten calls', async () => {
    const { calls, users } = usersWho(asked => asked)
    expect(await sampleMatchRate(runWith(users), firstLoad(5_000))).toEqual({
      sample: { asked: 200, known: 200 },
    })
    expect(calls).toEqual(Array.from({ length: 10 }, () => 20))
  })

  test('all of them are, when they are fewer', async () => {
    const { calls, users } = usersWho(asked => asked)
    const { sample } = await sampleMatchRate(runWith(users), firstLoad(105))
    expect([sample, calls]).toEqual([{ asked: 105, known: 105 }, [20, 20, 20, 20, 20, 5]])
  })

  test('strangers stop the adds', async () => {
    const { finding, warning } = await sampleMatchRate(runWith(usersWho(() => 9).users), firstLoad(5_000))
    expect([finding?.guard, finding?.stops, finding?.canAllow, warning]).toEqual([
      'match-rate',
      'adds',
      true,
      undefined,
    ])
  })

  test('nobody is looked up before few', async () => {
    const { calls, users } = usersWho(asked => asked)
    expect(await sampleMatchRate(runWith(users), firstLoad(99))).toEqual({})
    const later = { audience: vip, delta: deltaOf(999, 1_000), isFirstLoad: false }
    expect(await sampleMatchRate(runWith(users), later)).toEqual({})
    expect(calls).toEqual([])
  })
})

describe('when it cannot be known', () => {
  test('a refusal is a warning and stops nothing, and no identifier is in it', async () => {
    const rate = await sampleMatchRate(runWith(usersWho(asked => asked, 1).users), firstLoad(5_000))
    expect(rate).toEqual({
      warning: {
        code: 'sync/match-rate-unknown',
        severity: 'warning',
        summary: 'Whether MoEngage knows those to be added is not known',
        detail:
          'vip: none of a sample could be looked up (provider/forbidden). They are added all the same; MoEngage skips whom it does not know.',
        hint: 'check that the Data key may read users, and the API firewall\'s rules for "Data"',
      },
    })
  })

  test('what was answered before a refusal counts', async () => {
    const rate = await sampleMatchRate(runWith(usersWho(() => 0, 3).users), firstLoad(5_000))
    expect([rate.sample, rate.finding?.guard, rate.warning?.code]).toEqual([
      { asked: 40, known: 0 },
      'match-rate',
      'sync/match-rate-unknown',
    ])
  })

  test('a run spends fifty calls and no more, and says so', async () => {
    const { calls, users } = usersWho(asked => asked)
    const run = runWith(limitLookups(users, 50))
    const rates = []
    for (let audience = 0; audience < 6; audience += 1)
      rates.push(await sampleMatchRate(run, firstLoad(5_000)))
    expect(calls.length).toBe(50)
    expect(rates.map(({ warning }) => warning?.hint)).toEqual([
      ...Array.from({ length: 5 }, () => undefined),
      'sync it alone to have it looked up: muster sync --only vip',
    ])
  })

  test('an interrupt is no failure to look somebody up', async () => {
    const controller = new AbortController()
    const users: UserLookup = {
      countKnown: async () => {
        controller.abort()
        return refused()
      },
    }
    await expect(sampleMatchRate(runWith(users, controller.signal), firstLoad(5_000))).rejects.toThrow(
      'run/interrupted',
    )
  })

  test('what stopped the run is told, where it was not a person', async () => {
    const lost: Failure = { origin: 'store', code: 'store/fenced', detail: 'd', hint: 'h', retryable: false }
    const signal = AbortSignal.abort(new FailureError(lost))
    const users: UserLookup = { countKnown: async () => refused() }
    await expect(sampleMatchRate(runWith(users, signal), firstLoad(5_000))).rejects.toThrow('store/fenced')
  })

  test('a bug is none either', async () => {
    const users: UserLookup = {
      countKnown: async () => {
        throw new TypeError('a bug')
      },
    }
    await expect(sampleMatchRate(runWith(users), firstLoad(5_000))).rejects.toThrow('a bug')
  })

  test('without anybody to ask, nothing is said', async () => {
    expect(await sampleMatchRate(runWith(undefined), firstLoad(5_000))).toEqual({})
  })
})
