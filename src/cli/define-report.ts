import type { Act, Define } from './define.ts'

/** What the store can tell by itself. */
export const defineReportCommand = (define: Define, act: Act): void => {
  act(
    define(
      'report',
      'members, freshness and QA of every audience, and whom two of them share; asks no vendor',
      'muster report --env live --json',
    ),
    () => async (options, context) => (await import('./report.ts')).runReport(options, context),
  )
}
