import { type AlerterName, type AlertFinding, alertKey, type RecordedAlert } from '../model/alert.ts'
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
  /** All that is over and that somebody may not have heard of, of earlier looks too. */
  readonly allOver: readonly RecordedAlert[]
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
  const allOver = known.filter(alert => !isThere(alert)).map(alert => ({ overAt: now, ...alert }))
  return {
    open: [...goingOn, ...begun].toSorted((a, b) => (alertKey(a) < alertKey(b) ? -1 : 1)),
    begun,
    over: allOver.filter(({ overAt }) => overAt === now),
    allOver,
  }
}

/** What one of them has not been told yet. Whoever did not hear that it began need not hear that it is over. */
export const listUntold = (
  { open, allOver }: Pick<Followed, 'open' | 'allOver'>,
  name: AlerterName,
): Pick<Followed, 'begun' | 'over'> => ({
  begun: open.filter(alert => !hasHeard(alert, name)),
  over: allOver.filter(alert => hasHeard(alert, name)),
})

const hasHeard = ({ toldTo = [] }: RecordedAlert, name: AlerterName): boolean => toldTo.includes(name)

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

/** Who was told in this look, and who could not be. Whoever is not asked any more is in neither. */
export interface Heard {
  readonly reached: readonly AlerterName[]
  readonly missed: readonly AlerterName[]
}

/** What the store remembers afterwards: what is open, and what is over that somebody has yet to hear. */
export const rememberAlerts = (
  { open, allOver }: Followed,
  recorded: ReadonlyMap<string, RecordedAlert>,
  { reached, missed }: Heard,
): readonly StoreWrite[] => {
  const stillOpen = open.map(alert => tellTo(alert, [...(alert.toldTo ?? []), ...reached]))
  const stillOver = allOver
    .filter(alert => missed.some(name => hasHeard(alert, name)))
    .map(alert =>
      tellTo(
        alert,
        missed.filter(name => hasHeard(alert, name)),
      ),
    )
  const kept = new Map([...stillOpen, ...stillOver].map(alert => [alertKey(alert), alert]))
  const gone = [...recorded.keys()].filter(key => !kept.has(key))
  return [
    ...gone.map(key => ({ kind: 'drop-alert', key }) as const),
    ...[...kept]
      .filter(([key, alert]) => JSON.stringify(recorded.get(key)) !== JSON.stringify(alert))
      .map(([, alert]) => ({ kind: 'alert', alert }) as const),
  ]
}

const tellTo = (
  { toldTo: _before, ...alert }: RecordedAlert,
  names: readonly AlerterName[],
): RecordedAlert => (names.length === 0 ? alert : { ...alert, toldTo: [...new Set(names)].toSorted() })
