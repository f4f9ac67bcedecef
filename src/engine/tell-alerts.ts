import { type Failure, failureOf } from '../model/failure.ts'
import { type Followed, followAlerts, rememberAlerts } from '../monitor/follow.ts'
import type { Alerter, Store } from '../ports.ts'
import type { MonitorLook } from './monitor.ts'

export interface Telling {
  readonly store: Pick<Store, 'readAlerts' | 'commit'>
  readonly environment: string
  readonly alerters: readonly Alerter[]
}

/** What the look brought, and who has heard of it. */
export interface Told extends Followed {
  readonly told: readonly { readonly name: Alerter['name']; readonly done: string }[]
  readonly failures: readonly Failure[]
}

/**
 * Tells whoever should hear what has begun and what is over, then remembers it. Told first: who was not reached is told
 * by the next look, and a run that ends in between tells somebody twice rather than nobody.
 */
export const tellAlerts = async (
  { store, environment, alerters }: Telling,
  look: MonitorLook,
): Promise<Told> => {
  const recorded = await store.readAlerts()
  const followed = followAlerts(look, recorded)
  const { open, untold } = followed
  const told: Told['told'][number][] = []
  const failures: Failure[] = []
  let isTold = true
  for (const alerter of alerters) {
    // An issue shows what is open and finds out by itself; a message is gone when nobody takes it.
    const news = alerter.name === 'webhook' ? untold : followed
    try {
      const done = await alerter.tell({
        environment,
        now: look.now,
        open,
        begun: news.begun,
        over: news.over,
      })
      if (done !== undefined) told.push({ name: alerter.name, done })
    } catch (error) {
      const failure = failureOf(error)
      if (!failure) throw error
      failures.push(failure)
      if (alerter.name === 'webhook') isTold = false
    }
  }
  const writes = rememberAlerts(followed, recorded, { isTold, now: look.now })
  if (writes.length > 0) await store.commit(writes)
  return { ...followed, told, failures }
}
