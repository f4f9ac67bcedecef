/** What is kept of one request: never a body, a query, an identifier or a credential. */
export interface LoggedRequest {
  n: number
  method: string
  /** The route's template (`/v1/segments/:id/membership`), or `unmatched`. */
  route: string
  /** The status that was answered; 0 when no answer went out. */
  status: number
  /** Whether the call could change something at the vendor. */
  write: boolean
  /** What a call to a route with several meanings asked for: `add_members`, `remove_members`. */
  action?: string
  /** How many people the call carried. */
  members?: number
  /** The injected fault, if one struck. */
  fault?: string
}

/** The requests of one emulator, in order of arrival. */
export interface RequestLog {
  open(method: string, route: string): LoggedRequest
  list(): readonly LoggedRequest[]
  clear(): void
}

// POSTs that only ask.
const READING_POSTS = new Set([
  '/v1/customers',
  '/v1/customers/attributes',
  '/v1/customers/export',
  '/v1/exports/customers',
  '/v1/integrations/authentication',
])

const isWrite = (method: string, route: string): boolean => {
  if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return false
  return !(method === 'POST' && READING_POSTS.has(route))
}

/** An empty log. */
export const createRequestLog = (): RequestLog => {
  let entries: LoggedRequest[] = []
  let count = 0
  return {
    open: (method, route) => {
      count += 1
      const entry: LoggedRequest = { n: count, method, route, status: 0, write: isWrite(method, route) }
      entries.push(entry)
      return entry
    },
    list: () => entries,
    clear: () => {
      entries = []
    },
  }
}
