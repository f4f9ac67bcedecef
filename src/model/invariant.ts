/** Our own mistake, never the user's or the vendor's: shown as a bug, exit code 70. */
export class BugError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'BugError'
  }
}

/** Asserts what must hold if this program is right. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new BugError(message)
}

/** Ends an exhaustive switch: adding a member to the union breaks the build here. */
export const unreachable = (value: never): never => {
  throw new BugError(`unreachable value: ${JSON.stringify(value)}`)
}
