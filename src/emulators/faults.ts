import type { WireObject } from './http.ts'
import { isWireObject } from './http.ts'

/** What can be made to go wrong. */
const FAULT_KINDS = [
  'status', // the given status with the vendor's own error body; nothing is done
  'quota', // 429 without a word on when to come back; nothing is done
  'html', // a proxy's error page (502, or the given status); nothing is done
  'hang', // no answer until the client gives up; nothing is done
  'reset', // the connection is reset before anything is done
  'delay', // the answer comes delayMs later
  'truncate', // done, but the answer breaks off in the middle
  'cut', // done, but half of the answer is missing, and nothing on the wire says so
  'unknown', // done, but the connection is reset before the answer
  'drop', // accepted, but silently not done
  'repeat-cursor', // a membership page names itself as the next one
  'empty-page', // a membership page shows nobody, and names a next one
  'omit', // a list of segments leaves out some rows, and says nothing of it
  'wrong-count', // customer_count answers another number than there are members
] as const

/** One of FAULT_KINDS. */
type FaultKind = (typeof FAULT_KINDS)[number]

/** Which requests a fault strikes; what is absent matches all. */
interface FaultMatch {
  method?: string
  /** A route's template, or its beginning followed by `*`. */
  route?: string
  /** Only requests whose body holds this identifier. */
  member?: string
}

/** An injected fault. */
export interface Fault {
  n: number
  match: FaultMatch
  kind: FaultKind
  status?: number
  delayMs?: number
  /** For `omit`: which rows. Absent: every second one. */
  names?: readonly string[]
  /** Matching requests that still go through first. */
  after: number
  /** How many requests are struck; absent from the wire means one. */
  times: number | 'always'
  struck: number
}

/** The faults of one emulator. */
export interface Faults {
  add(wire: unknown): Fault | string
  list(): readonly Fault[]
  clear(): void
  /** The first fault that strikes this request; counts it. */
  strike(request: { method: string; route: string; body: string }): Fault | undefined
}

const isKind = (value: unknown): value is FaultKind => FAULT_KINDS.some(kind => kind === value)

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every(each => typeof each === 'string')

const readMatch = (wire: unknown): FaultMatch => {
  const match: FaultMatch = {}
  if (!isWireObject(wire)) return match
  if (typeof wire.method === 'string') match.method = wire.method.toUpperCase()
  if (typeof wire.route === 'string') match.route = wire.route
  if (typeof wire.member === 'string') match.member = wire.member
  return match
}

const readFault = (wire: WireObject, n: number): Fault | string => {
  const { kind, status, delayMs, names, after = 0, times = 1 } = wire
  if (!isKind(kind)) return `kind must be one of ${FAULT_KINDS.join(', ')}`
  if (kind === 'status' && !isCount(status)) return 'kind "status" needs a status'
  if (kind === 'delay' && !isCount(delayMs)) return 'kind "delay" needs delayMs'
  if (names !== undefined && !isTexts(names)) return 'names must be a list of names'
  if (!isCount(after)) return 'after must be a number'
  if (times !== 'always' && !isCount(times)) return 'times must be a number or "always"'
  const fault: Fault = { n, match: readMatch(wire.match), kind, after, times, struck: 0 }
  if (isCount(status)) fault.status = status
  if (isCount(delayMs)) fault.delayMs = delayMs
  if (isTexts(names)) fault.names = names
  return fault
}

const isRoute = (wanted: string | undefined, route: string): boolean => {
  if (wanted === undefined) return true
  return wanted.endsWith('*') ? route.startsWith(wanted.slice(0, -1)) : route === wanted
}

/** No faults, until some are added. */
export const createFaults = (): Faults => {
  let faults: Fault[] = []
  let count = 0
  return {
    add: wire => {
      if (!isWireObject(wire)) return 'the body must be an object'
      const fault = readFault(wire, count + 1)
      if (typeof fault === 'string') return fault
      count += 1
      faults.push(fault)
      return fault
    },
    list: () => faults,
    clear: () => {
      faults = []
    },
    strike: ({ method, route, body }) => {
      for (const fault of faults) {
        const { match } = fault
        if (match.method !== undefined && match.method !== method) continue
        if (!isRoute(match.route, route)) continue
        if (match.member !== undefined && !body.includes(JSON.stringify(match.member))) continue
        if (fault.times !== 'always' && fault.struck >= fault.times) continue
        if (fault.after > 0) {
          fault.after -= 1
          continue
        }
        fault.struck += 1
        return fault
      }
      return undefined
    },
  }
}
