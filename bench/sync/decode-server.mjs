/** A Customer.io of two segments, 1 with `usr_…` ids and 2 with UUIDs, whose pages were made before the first call. */
import { once } from 'node:events'
import { createServer } from 'node:http'

const PEOPLE = 30_000
/** More pages than this are the same ones again. */
const DISTINCT = 10

const uuid = number => {
  const hex = (BigInt(number) * 0x9e3779b97f4a7c15n).toString(16).padStart(32, '0').slice(-32)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`
}
const ID = {
  1: number => `usr_${String(number).padStart(10, '0')}`,
  2: uuid,
}

/** A page without its end. One in a hundred has no id, one in fifty no email. */
const makePage = (segment, page) => {
  const identifiers = []
  const ids = []
  for (let n = 1; n <= PEOPLE; n += 1) {
    const number = page * PEOPLE + n
    const id = number % 100 === 0 ? null : ID[segment](number)
    const email = number % 50 === 0 ? null : `person.${number}@example.com`
    identifiers.push({ id, email, cio_id: `0300${number.toString(16).padStart(8, '0')}` })
    ids.push(id ?? '')
  }
  const text = JSON.stringify({ segment_id: Number(segment), identifiers, ids })
  return Buffer.from(text.slice(0, -1))
}

const pages = new Map(
  Object.keys(ID).map(segment => [
    segment,
    Array.from({ length: DISTINCT }, (_, page) => makePage(segment, page)),
  ]),
)
const last = Number(process.argv[2])

const server = createServer((request, response) => {
  const url = new URL(request.url, 'http://127.0.0.1')
  const [, segment, what] = /^\/v1\/segments\/(\d)\/?(\w*)$/.exec(url.pathname) ?? []
  response.setHeader('content-type', 'application/json')
  if (what === 'customer_count') return response.end(JSON.stringify({ count: PEOPLE * last }))
  if (what === 'membership') {
    const page = Number(url.searchParams.get('start') ?? 0)
    const end = Buffer.from(`,"next":"${page + 1 < last ? page + 1 : ''}"}`)
    const body = pages.get(segment)[page % DISTINCT]
    response.setHeader('content-length', body.length + end.length)
    response.write(body)
    return response.end(end)
  }
  response.end(
    JSON.stringify({
      segment: { id: Number(segment), name: 'Everybody', type: 'dynamic', state: 'finished', progress: null },
    }),
  )
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')
process.stdout.write(`${server.address().port}\n`)
