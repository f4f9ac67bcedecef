import { Hono } from 'hono'
import type { ShopClock } from './clock.ts'
import { parseDurationMs } from './durations.ts'
import type { Faults } from './faults.ts'
import type { EmulatorEnv } from './http.ts'
import { isWireObject, readJson } from './http.ts'
import type { RequestLog } from './request-log.ts'

/** What the control endpoints of one emulator act on. */
interface Controlled {
  clock: ShopClock
  log: RequestLog
  faults: Faults
}

const readTarget = (body: unknown, clock: ShopClock): number | undefined => {
  if (!isWireObject(body)) return undefined
  if (typeof body.to === 'string') {
    const to = Date.parse(body.to)
    return Number.isNaN(to) ? undefined : to
  }
  if (typeof body.advance !== 'string') return undefined
  const by = parseDurationMs(body.advance)
  return by === undefined ? undefined : clock.nowMs() + by
}

const describeClock = (clock: ShopClock) => ({
  now: new Date(clock.nowMs()).toISOString(),
  moved_ms: clock.movedMs(),
})

/** `/_emulator/…` that both vendors have: clock, request log, faults. Needs no credential and is never logged. */
export const createControl = ({ clock, log, faults }: Controlled): Hono<EmulatorEnv> => {
  const app = new Hono<EmulatorEnv>()
  app.get('/_emulator/clock', c => c.json(describeClock(clock)))
  app.post('/_emulator/clock', async c => {
    const target = readTarget(await readJson(c), clock)
    if (target === undefined) return c.json({ error: 'say {"advance": "2h"} or {"to": "<ISO time>"}' }, 400)
    if (!clock.moveTo(target))
      return c.json({ error: 'the clock only moves forward', ...describeClock(clock) }, 409)
    return c.json(describeClock(clock))
  })

  app.get('/_emulator/requests', c => {
    const requests = log.list()
    const writes = requests.filter(request => request.write).length
    return c.json({ count: requests.length, writes, requests })
  })
  app.delete('/_emulator/requests', c => {
    log.clear()
    return c.body(null, 204)
  })

  app.get('/_emulator/faults', c => c.json({ faults: faults.list() }))
  app.post('/_emulator/faults', async c => {
    const added = faults.add(await readJson(c))
    return typeof added === 'string' ? c.json({ error: added }, 400) : c.json(added, 201)
  })
  app.delete('/_emulator/faults', c => {
    faults.clear()
    return c.body(null, 204)
  })
  return app
}
