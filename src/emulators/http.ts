import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import type { LoggedRequest } from './request-log.ts'

/** What a request carries through the middlewares of an emulator. */
export interface EmulatorEnv {
  Bindings: HttpBindings
  Variables: {
    /** A fault that the handler itself has to act out. */
    fault?: HandlerFault
    /** Names of the rows that an `omit` leaves out. */
    omitted?: readonly string[]
    /** What the call asked for, for the log. */
    action?: string
    /** How many people the call carried, for the log. */
    members?: number
    /** The status the handler gave, when a fault then kept the answer from the client. */
    handledStatus?: number
    /** This request's line in the log. */
    entry?: LoggedRequest
  }
}

/** Faults that change what a handler does instead of what the wire carries. */
type HandlerFault = 'drop' | 'repeat-cursor' | 'empty-page' | 'wrong-count' | 'omit'

/** A request in an emulator. */
export type EmulatorContext = Context<EmulatorEnv>

/** Whether this request is to be accepted and then forgotten. */
export const isDropped = (c: EmulatorContext): boolean => c.get('fault') === 'drop'

/** The rows of a list that an `omit` lets through: all but those of its names, or the first of every two. */
export const withoutOmitted = <T extends { name: string }>(c: EmulatorContext, rows: readonly T[]): T[] => {
  if (c.get('fault') !== 'omit') return [...rows]
  const omitted = c.get('omitted')
  return rows.filter(({ name }, position) => (omitted ? !omitted.includes(name) : position % 2 === 0))
}

/** Tells the adapter that the socket was dealt with by hand. */
export const answeredByHand = (): Response =>
  new Response(null, { headers: { 'x-hono-already-sent': 'true' } })

/** User and password of a Basic header, undefined when there is none. */
export const readBasic = (header: string | undefined): { user: string; password: string } | undefined => {
  const encoded = /^Basic (.+)$/i.exec(header ?? '')?.[1]
  if (encoded === undefined) return undefined
  const decoded = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = decoded.indexOf(':')
  if (colon < 0) return undefined
  return { user: decoded.slice(0, colon), password: decoded.slice(colon + 1) }
}

/** An object from the wire, whose keys are all still to be checked. */
export type WireObject = Readonly<Record<string, unknown>>

/** Whether a value from the wire is an object and not a list. */
export const isWireObject = (value: unknown): value is WireObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The parsed body; undefined when it is no JSON. `null` is JSON. */
export const readJson = async (c: EmulatorContext): Promise<unknown> => {
  try {
    return JSON.parse(await c.req.text())
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/** A whole number from a query, undefined when it is anything else. */
export const readInteger = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined
