/** The same pages, one after the other, through undici and JSON.parse alone. */
import { Pool } from 'undici'

const [, , url, segment] = process.argv
const pool = new Pool(url)
let start
let people = 0
const before = process.cpuUsage()
do {
  const path = `/v1/segments/${segment}/membership?limit=30000${start ? `&start=${start}` : ''}`
  const { body } = await pool.request({ method: 'GET', path })
  const page = JSON.parse(await body.text())
  people += page.identifiers.length
  start = page.next
} while (start)
const { user, system } = process.cpuUsage(before)
await pool.close()
process.stdout.write(
  JSON.stringify({ people, cpuMs: (user + system) / 1_000, rssMb: process.resourceUsage().maxRSS / 1_024 }),
)
