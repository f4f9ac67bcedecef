import { readdirSync, readFileSync } from 'node:fs'

/**
 * What a server on this machine uses from now on: seconds of all its processes, also of those that end meanwhile, and the
 * most memory that those of our own session held at once, what they share counted once. Zeros for a server elsewhere.
 */
export const watchServer = async client => {
  const { rows } = await client.query('SELECT pg_backend_pid() AS pid')
  const own = Number(rows[0].pid)
  const parent = readStat(own)?.parent
  if (parent === undefined) return { read: async () => ({ serverCpuMs: 0, serverPeakMb: 0 }) }
  const before = new Map(listChildren(parent).map(pid => [pid, readStat(pid)?.cpuMs ?? 0]))
  const endedBefore = readStat(parent)?.endedMs ?? 0
  let peakKb = 0
  const look = () => {
    const kb = listChildren(parent)
      .filter(pid => pid === own || !before.has(pid))
      .reduce((sum, pid) => sum + readProportionalKb(pid), 0)
    peakKb = Math.max(peakKb, kb)
  }
  look()
  const timer = setInterval(look, 200)
  return {
    read: async () => {
      clearInterval(timer)
      look()
      const living = listChildren(parent).reduce(
        (sum, pid) => sum + (readStat(pid)?.cpuMs ?? 0) - (before.get(pid) ?? 0),
        0,
      )
      const ended = (readStat(parent)?.endedMs ?? 0) - endedBefore
      return { serverCpuMs: living + ended, serverPeakMb: Math.round(peakKb / 1_024) }
    },
  }
}

const TICK_MS = 10

const readStat = pid => {
  try {
    const [, rest = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')
    const fields = rest.split(' ').map(Number)
    return {
      parent: fields[1],
      cpuMs: (fields[11] + fields[12]) * TICK_MS,
      endedMs: (fields[13] + fields[14]) * TICK_MS,
    }
  } catch {
    return undefined
  }
}

const listChildren = parent =>
  readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(Number)
    .filter(pid => readStat(pid)?.parent === parent)

const readProportionalKb = pid => {
  try {
    return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0)
  } catch {
    return 0
  }
}
