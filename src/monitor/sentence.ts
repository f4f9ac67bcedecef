/** A count of people for a sentence. */
export const sayCount = (count: number): string => Math.round(count).toLocaleString('en-US')

/** A ratio for a sentence, with one decimal where it has one. */
export const sayPercent = (ratio: number): string => `${Number((ratio * 100).toFixed(1))}%`

/** A moment to the minute: `2026-11-23 10:00`. */
export const sayMoment = (at: string): string => at.slice(0, 16).replace('T', ' ')
