/** Runs work strictly one after the other, in the order in which it was handed over. A failure holds up nobody. */
export type InTurn = <T>(work: () => Promise<T>) => Promise<T>

/** A queue of its own, empty. */
export const createTurns = (): InTurn => {
  let last: Promise<unknown> = Promise.resolve()
  return work => {
    const turn = last.then(work, work)
    last = turn.catch(() => undefined)
    return turn
  }
}
