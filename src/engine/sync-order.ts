import type { Audience } from '../model/audience.ts'
import type { Direction } from '../model/membership.ts'

/** One step that all audiences of a kind take before the next step begins. */
export interface PushStep {
  readonly direction: Direction
  readonly audiences: readonly Audience[]
}

/**
 * Suppressions gain their members first and lose them last, so that nobody is briefly messaged in between. One that is
 * itself suppressed by others waits for these: nobody enters it while somebody who should be kept out might be missing.
 */
export const orderPushes = (chosen: readonly Audience[], all: readonly Audience[]): readonly PushStep[] => {
  const suppressions = chosen.filter(audience => isSuppression(audience, all))
  const others = chosen.filter(audience => !isSuppression(audience, all))
  return [
    ...wavesOf(suppressions).map((audiences): PushStep => ({ direction: 'add', audiences })),
    { direction: 'remove', audiences: others },
    { direction: 'add', audiences: others },
    { direction: 'remove', audiences: suppressions },
  ]
}

const isSuppression = (audience: Audience, all: readonly Audience[]): boolean =>
  audience.intent === 'suppression' || all.some(({ suppressedBy }) => suppressedBy.includes(audience.id))

/** In waves, each of which needs none but earlier ones. What waits for itself in a circle goes in the last one. */
const wavesOf = (audiences: readonly Audience[]): readonly (readonly Audience[])[] => {
  const waves: (readonly Audience[])[] = []
  let left = audiences
  while (left.length > 0) {
    const ids = new Set(left.map(({ id }) => id))
    const ready = left.filter(({ suppressedBy }) => !suppressedBy.some(id => ids.has(id)))
    const wave = ready.length > 0 ? ready : left
    waves.push(wave)
    left = left.filter(audience => !wave.includes(audience))
  }
  return waves
}
