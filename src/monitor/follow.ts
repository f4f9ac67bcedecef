import { type AlertFinding, alertKey, type RecordedAlert } from '../model/alert.ts'
import type { StoreWrite } from '../model/store-write.ts'
import type { Instant } from '../model/time.ts'

/** What one look found, and what it could not look for. */
export interface Look {
  readonly findings: readonly AlertFinding[]
  /** Codes whose trouble may be there or not: what was open stays open. */
  readonly unread: ReadonlySet<string>
  readonly now: Instant
}

/** What has begun, goes on and is over since the last look, by key. */
export interface Followed {
  /** All that is wrong now, in the words in which it was first told. */
  readonly open: readonly RecordedAlert[]
  readonly begun: readonly RecordedAlert[]
  readonly over: readonly RecordedAlert[]
  /** What the webhook has not been told yet, of earlier looks too. */
  readonly untold: Pick<Followed, 'begun' | 'over'>
}

/** Holds a look against what is remembered: first violation and recovery are news, and what goes on is not. */
export const followAlerts = (
  { findings, unread, now }: Look,
  recorded: ReadonlyMap<string, RecordedAlert>,
): Followed => {
  const found = new Map(findings.map(finding => [alertKey(finding), finding] as const))
  const known = [...recorded.values()]
  const isThere = (alert: RecordedAlert): boolean => found.has(alertKey(alert)) || isUnread(alert, unread)
  const begun = [...found]
    .filter(([key]) => !recorded.has(key))
    .map(([, finding]) => ({ ...finding, since: now }))
  const goingOn = known.filter(isThere).map(goOn)
  const over = known.filter(alert => !isThere(alert)).map(alert => ({ overAt: now, ...alert }))
  return {
    open: [...goingOn, ...begun].toSorted((a, b) => (alertKey(a) < alertKey(b) ? -1 : 1)),
    begun,
    over: over.filter(({ overAt }) => overAt === now),
    untold: {
      begun: [...goingOn.filter(({ toldAt }) => toldAt === undefined), ...begun],
      // Whoever did not hear that it began need not hear that it is over.
      over: over.filter(({ toldAt }) => toldAt !== undefined),
    },
  }
}

/** What is known to be over cannot be looked for again: it is not there until it is found. */
const isUnread = ({ code, overAt }: RecordedAlert, unread: ReadonlySet<string>): boolean =>
  unread.has(code) && overAt === undefined

/** It was over, and is back before anybody was told. */
const goOn = ({ overAt: _over, ...alert }: RecordedAlert): RecordedAlert => alert

/** What is open, as it is now: for whoever looks, not for whoever was told before. */
export const describeNow = (
  open: readonly RecordedAlert[],
  { findings }: Pick<Look, 'findings'>,
): readonly RecordedAlert[] => {
  const found = new Map(findings.map(finding => [alertKey(finding), finding] as const))
  return open.map(alert => ({ ...alert, ...found.get(alertKey(alert)) }))
}

/** What the store remembers afterwards. `isTold`: nobody is left who has not heard. */
export const rememberAlerts = (
  { open, untold, over }: Followed,
  recorded: ReadonlyMap<string, RecordedAlert>,
  { isTold, now }: { readonly isTold: boolean; readonly now: Instant },
): readonly StoreWrite[] => {
  const kept = new Map(
    isTold
      ? open.map(alert => [alertKey(alert), { ...alert, toldAt: alert.toldAt ?? now }])
      : [...open, ...untold.over].map(alert => [alertKey(alert), alert]),
  )
  const gone = [...recorded.keys(), ...over.map(alertKey)].filter(key => !kept.has(key))
  return [
    ...[...new Set(gone)].map(key => ({ kind: 'drop-alert', key }) as const),
    ...[...kept]
      .filter(([key, alert]) => JSON.stringify(recorded.get(key)) !== JSON.stringify(alert))
      .map(([, alert]) => ({ kind: 'alert', alert }) as const),
  ]
}
