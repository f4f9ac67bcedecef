/** The shop's clock. It stands still until it is moved; both emulators share one. */
export interface ShopClock {
  nowMs(): number
  /** How far it was moved since the start: rate windows and signed links age by this too. */
  movedMs(): number
  /** Moves to a later moment and says so to the listeners; false when the moment lies in the past. */
  moveTo(ms: number): boolean
  /** Called with the new time just before the clock shows it, and again when it does. */
  onMove(listener: ClockListener): void
}

/** `leaving` runs while the old time still shows, `arrived` when the new one does. */
interface ClockListener {
  leaving?(): void
  arrived?(): void
}

/** A clock that shows `startMs`. */
export const createShopClock = (startMs: number): ShopClock => {
  const listeners: ClockListener[] = []
  let shownMs = startMs
  return {
    nowMs: () => shownMs,
    movedMs: () => shownMs - startMs,
    onMove: listener => void listeners.push(listener),
    moveTo: ms => {
      if (ms < shownMs) return false
      for (const listener of listeners) listener.leaving?.()
      shownMs = ms
      for (const listener of listeners) listener.arrived?.()
      return true
    },
  }
}
