import { createShopClock } from './clock.ts'
import { createCustomerio } from './customerio/app.ts'
import { listenOnLoopback } from './listen.ts'
import { createMoEngage } from './moengage/app.ts'
import type { EmulatorOptions } from './options.ts'
import { normalizeOptions } from './options.ts'
import { createPopulation } from './population.ts'
import { createTimers } from './timers.ts'
import type { EmulatorWorld } from './world.ts'

export type { EmulatorOptions }

/** A Customer.io and a MoEngage that are listening. */
export interface RunningEmulators {
  customerio: { url: string }
  moengage: { url: string }
  /** Ends all connections and timers at once. */
  close(): Promise<void>
}

/** Starts both vendors over one shop and one clock; throws PortTakenError when a port is not free. */
export const startEmulators = async (options: EmulatorOptions): Promise<RunningEmulators> => {
  const settings = normalizeOptions(options)
  const world: EmulatorWorld = {
    settings,
    population: createPopulation(settings.seed, settings.population),
    clock: createShopClock(settings.shopTimeMs),
    timers: createTimers(),
  }
  const customerio = await listenOnLoopback(createCustomerio(world), options.customerioPort)
  try {
    const moengage = await listenOnLoopback(createMoEngage(world), options.moengagePort)
    return {
      customerio: { url: customerio.url },
      moengage: { url: moengage.url },
      close: async () => {
        world.timers.clear()
        await Promise.all([customerio.close(), moengage.close()])
      },
    }
  } catch (error) {
    await customerio.close()
    throw error
  }
}
