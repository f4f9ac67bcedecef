/** Lets so many pieces of work go on at once; the others wait, first come first served. */
export interface Slots {
  use<T>(work: () => Promise<T>): Promise<T>
}

export const createSlots = (most: number): Slots => {
  let free = most
  const waiting: (() => void)[] = []
  const enter = async (): Promise<void> => {
    if (free === 0) return new Promise(resolve => waiting.push(resolve))
    free -= 1
  }
  const leave = (): void => {
    const next = waiting.shift()
    // Handed over rather than freed: whoever comes now must not overtake who waits.
    if (next) next()
    else free += 1
  }
  return {
    use: async work => {
      await enter()
      try {
        return await work()
      } finally {
        leave()
      }
    },
  }
}

/** Waits until all are over, whatever becomes of them, and then throws the first error there was. */
export const finishAll = async <T>(works: readonly Promise<T>[]): Promise<readonly T[]> => {
  const ends = await Promise.allSettled(works)
  return ends.map(end => {
    if (end.status === 'rejected') throw end.reason
    return end.value
  })
}
