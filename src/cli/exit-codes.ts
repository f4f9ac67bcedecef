/** What scripts may rely on. */
export const EXIT = {
  done: 0,
  errors: 1,
  changesPending: 2,
  refused: 3,
  partlyApplied: 4,
  bug: 70,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]
