import type { Server } from 'node:http'
import { createServer } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { Hono } from 'hono'
import type { EmulatorEnv } from './http.ts'

/** The port that an emulator was told to use belongs to somebody else. */
export class PortTakenError extends Error {
  readonly code = 'emulator/port-taken'
  readonly port: number
  constructor(port: number, cause: unknown) {
    super(`Port ${port} of 127.0.0.1 is taken: choose another one, or 0 for any free port.`, { cause })
    this.name = 'PortTakenError'
    this.port = port
  }
}

/** A server that is listening. */
interface Listening {
  /** Without a slash at its end. */
  url: string
  close(): Promise<void>
}

const HOST = '127.0.0.1'

const openPort = (server: Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException): void =>
      reject(error.code === 'EADDRINUSE' ? new PortTakenError(port, error) : error)
    server.once('error', fail)
    server.listen(port, HOST, () => {
      server.off('error', fail)
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })

/** Serves an app on loopback. Closing ends every connection at once, answered or not. */
export const listenOnLoopback = async (app: Hono<EmulatorEnv>, port: number): Promise<Listening> => {
  const server = createServer(getRequestListener(app.fetch, { overrideGlobalObjects: false }))
  const opened = await openPort(server, port)
  return {
    url: `http://${HOST}:${opened}`,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
