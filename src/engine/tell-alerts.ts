import type { AlerterName } from '../model/alert.ts'
import { type Failure, failureOf } from '../model/failure.ts'
import { type Followed, followAlerts, listUntold, rememberAlerts } from '../monitor/follow.ts'
import type { Alerter, Store } from '../ports.ts'
import type { MonitorLook } from './monitor.ts'

export interface Telling {
  readonly store: Pick<Store, 'readAlerts' | 'commit'>
  readonly environment: string
  readonly alerters: readonly Alerter[]
}

/** What the look brought, and who has heard of it. */
export interface Told extends Followed {
  readonly told: readonly { readonly name: AlerterName; readonly done: string }[]
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
  const told: Told['told'][number][] = []
  const reached: AlerterName[] = []
  const missed: AlerterName[] = []
  const failures: Failure[] = []
  for (const { name, tell } of alerters) {
    try {
      const news = listUntold(followed, name)
      const done = await tell({ environment, now: look.now, open: followed.open, ...news })
      if (done !== undefined) told.push({ name, done })
      reached.push(name)
    } catch (error) {
      const failure = failureOf(error)
      if (!failure) throw error
      failures.push(failure)
      missed.push(name)
    }
  }
  const writes = rememberAlerts(followed, recorded, { reached, missed })
  if (writes.length > 0) await store.commit(writes)
  return { ...followed, told, failures }
}
