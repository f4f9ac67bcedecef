const encoder = new TextEncoder()

/** Bytes of a text in UTF-8, as what it is posted to counts them. */
export const countBytes = (text: string): number => encoder.encode(text).length

/** Entries that fit, in order, and how many do not. */
export interface Fitted {
  readonly kept: readonly string[]
  readonly left: number
  readonly bytes: number
}

/** Takes whole entries from the front while they fit, each with a line end. */
export const takeWithin = (entries: readonly string[], budgetBytes: number): Fitted => {
  let bytes = 0
  for (const [index, entry] of entries.entries()) {
    const own = countBytes(entry) + 1
    if (bytes + own > budgetBytes)
      return { kept: entries.slice(0, index), left: entries.length - index, bytes }
    bytes += own
  }
  return { kept: entries, left: 0, bytes }
}
