import type { Check } from '../model/checkup.ts'
import type { RecordedState } from '../model/recorded.ts'
import { formatAge, formatDuration, type Instant, MINUTE_MS } from '../model/time.ts'
import { describeRefusal, type Opened, ok, trouble, unchecked } from './checkup.ts'

/** What a vendor had on its clock when it answered, and what we had. */
export interface HeardTime {
  readonly vendor: string
  readonly theirs: Instant
  readonly ours: Instant
}

/** From here on a wrong clock moves windows, leases and the age of plans by more than anybody would notice. */
const MOST_OFF_MS = MINUTE_MS

export interface ClockCheckup {
  readonly heard: readonly HeardTime[]
  /** Set by `--now` or its variable: it is off on purpose. */
  readonly isSet: boolean
}

/** Holds this machine's clock against those of the vendors. */
export const examineClock = ({ heard, isSet }: ClockCheckup): Check => {
  if (isSet) return unchecked('clock', 'not checked: it is set by --now')
  const [first] = heard
  if (!first) return unchecked('clock', 'not checked: no vendor said what time it is')
  const off = heard.find(each => Math.abs(differenceMs(each)) > MOST_OFF_MS)
  if (!off)
    return ok('clock', `agrees with that of ${[...new Set(heard.map(({ vendor }) => vendor))].join(' and ')}`)
  const byMs = differenceMs(off)
  return trouble(
    'clock',
    `this machine is ${formatDuration(Math.abs(byMs))} ${byMs > 0 ? 'ahead of' : 'behind'} ${off.vendor}`,
    'have it synchronised (NTP): windows, exit rules and locks are counted by it',
  )
}

const differenceMs = ({ theirs, ours }: HeardTime): number => Date.parse(ours) - Date.parse(theirs)

export interface StoreCheckup {
  readonly state: Opened<RecordedState>
  /** Why nothing could be written where the store lies; absent when it could. */
  readonly unwritable?: string
  readonly now: Instant
}

/** The store: whose it is, whether it can be read and written, and who holds it. */
export const examineStore = ({ state, unwritable, now }: StoreCheckup): Check => {
  if (state.kind === 'refused') return describeRefusal('store', state.failure)
  if (unwritable !== undefined)
    return trouble(
      'store',
      unwritable,
      'give whoever runs muster the right to write there, or choose another with --store',
    )
  const { storeId, lock, objects } = state.port
  if (storeId === undefined) return ok('store', 'there is none yet; the first apply makes it')
  const what = `${objects.size} objects are recorded`
  if (!lock) return ok('store', `${what}; nobody holds it`)
  if (lock.expiresAt >= now)
    return ok(
      'store',
      `${what}; \`muster ${lock.command}\` of ${lock.owner} holds it until ${lock.expiresAt}`,
    )
  return trouble(
    'store',
    `\`muster ${lock.command}\` of ${lock.owner} ended without a word ${formatAge(lock.expiresAt, now)} ago`,
    'muster sync, or muster apply: the next run takes over and goes on from what it recorded',
  )
}
