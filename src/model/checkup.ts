/**
 * One thing that has to be right before a programme can run. `unchecked`: nothing here could tell, and the detail says
 * why. All texts are one line; they hold names, counts and codes, never a key and never a person.
 */
export interface Check<Subject extends string = CheckSubject> {
  /** What was looked at. Scripts rely on these names. */
  readonly subject: Subject
  readonly verdict: 'ok' | 'trouble' | 'unchecked'
  readonly detail: string
  /** One action. Only with `trouble`. */
  readonly todo?: string
  /** Of the refusal that it comes from: `muster explain` knows more. */
  readonly code?: string
}

/** In the order in which they are told. */
export const CHECK_SUBJECTS = [
  'customerio-key',
  'customerio-scope',
  'customerio-track',
  'sources',
  'coverage',
  'moengage-key',
  'moengage-workspace',
  'moengage-users',
  'moengage-cohort-sync',
  'testers',
  'clock',
  'store',
] as const
export type CheckSubject = (typeof CHECK_SUBJECTS)[number]

/** What is looked at after testers were sent, in the order in which it is told. */
export const QA_SUBJECTS = ['sync', 'testers', 'known', 'cohort', 'sendable'] as const
export type QaSubject = (typeof QA_SUBJECTS)[number]

/** Whether something has to be done. What nobody could check is no trouble by itself. */
export const hasTrouble = (checks: readonly Check<string>[]): boolean =>
  checks.some(({ verdict }) => verdict === 'trouble')
