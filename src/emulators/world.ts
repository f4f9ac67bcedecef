import type { ShopClock } from './clock.ts'
import type { EmulatorSettings } from './options.ts'
import type { Population } from './population.ts'
import type { Timers } from './timers.ts'

/** What the two emulators share: one shop, one clock, one set of settings. */
export interface EmulatorWorld {
  settings: EmulatorSettings
  population: Population
  clock: ShopClock
  timers: Timers
}

/** Real time plus what the clock was moved by: rate windows and signed links grow old by both. */
export const agingMs = (world: EmulatorWorld): number => world.settings.monotonicMs() + world.clock.movedMs()
