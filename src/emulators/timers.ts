/** Every timer of a running emulator, so that closing can end them all at once. */
export interface Timers {
  after(delayMs: number, run: () => void): void
  sleep(delayMs: number): Promise<void>
  clear(): void
}

/** A bag of real timers. */
export const createTimers = (): Timers => {
  const running = new Set<NodeJS.Timeout>()
  const after = (delayMs: number, run: () => void): void => {
    const timer = setTimeout(() => {
      running.delete(timer)
      run()
    }, delayMs)
    running.add(timer)
  }
  return {
    after,
    sleep: delayMs => new Promise(resolve => after(delayMs, resolve)),
    clear: () => {
      for (const timer of running) clearTimeout(timer)
      running.clear()
    },
  }
}
