import { gzipSync } from 'node:zlib'
import { Hono } from 'hono'
import type { EmulatorContext, EmulatorEnv } from '../http.ts'
import { isWireObject, readInteger, readJson } from '../http.ts'
import type { EmulatorBehaviour } from '../options.ts'
import type { CustomerioAnswers } from './answers.ts'
import type { ExportRegistry, PeopleExport } from './exports.ts'

// Decided here, as no document says: the columns are cio_id, id, email and then the attributes asked for;
// the file is CSV, plain unless behaviour.exportFile says otherwise; a download link of an unfinished or failed export is a 404; an expired or altered
// link is a 403.

/** Where the signed links of exports lead. Needs no credential but the signature. */
const DOWNLOAD_ROUTE = '/downloads/exports/:id'

const WRONG_TOTAL_EXTRA = 10

const toWire = (made: PeopleExport, fault?: string) => ({
  id: made.id,
  deduplicate_id: `${made.id}:${made.updatedAt}`,
  type: 'customers',
  status: made.status,
  failed: made.status === 'failed',
  total: made.status === 'done' ? made.people.length + (fault === 'wrong-count' ? WRONG_TOTAL_EXTRA : 0) : 0,
  description: made.description,
  downloads: made.downloads,
  user_id: 0,
  user_email: 'keys@example.com',
  created_at: made.createdAt,
  updated_at: made.updatedAt,
})

const startExport = async (
  c: EmulatorContext,
  exports: ExportRegistry,
  answers: CustomerioAnswers,
): Promise<Response> => {
  const body = await readJson(c)
  if (!isWireObject(body)) return answers.app(c, 400, { detail: 'the body is not an object' })
  const { filters, attributes = [] } = body
  if (!Array.isArray(attributes) || !attributes.every(name => typeof name === 'string')) {
    return answers.app(c, 400, { detail: 'attributes is not a list of names', pointer: '/attributes' })
  }
  const started = exports.start(filters, attributes)
  if (started === undefined)
    return answers.app(c, 400, { detail: 'filters is not valid', pointer: '/filters' })
  return c.json({ export: toWire(started) })
}

/** The App API's exports, and the downloads that their links lead to. */
export const createExportRoutes = (
  exports: ExportRegistry,
  answers: CustomerioAnswers,
  behaviour: EmulatorBehaviour,
): Hono<EmulatorEnv> => {
  const app = new Hono<EmulatorEnv>()
  const find = (c: EmulatorContext): PeopleExport | undefined =>
    exports.find(readInteger(c.req.param('id')) ?? 0)
  const notFound = (c: EmulatorContext): Response => answers.app(c, 404, { detail: 'export not found' })

  app.get('/v1/exports', c => c.json({ exports: exports.list().map(made => toWire(made)) }))
  app.post('/v1/exports/customers', c => startExport(c, exports, answers))
  app.get('/v1/exports/:id', c => {
    const made = find(c)
    return made === undefined ? notFound(c) : c.json({ export: toWire(made, c.get('fault')) })
  })
  app.get('/v1/exports/:id/download', c => {
    const made = find(c)
    if (made === undefined || made.status !== 'done') return notFound(c)
    const path = DOWNLOAD_ROUTE.replace(':id', String(made.id))
    return c.json({ [behaviour.exportLink]: `${new URL(c.req.url).origin}${path}?${exports.sign(made)}` })
  })
  app.get(DOWNLOAD_ROUTE, c => {
    const made = find(c)
    if (made === undefined || !exports.isSigned(made, c.req.query('expires'), c.req.query('signature'))) {
      return c.text('Request has expired', 403)
    }
    made.downloads += 1
    const csv = exports.writeCsv(made)
    if (behaviour.exportFile === 'plain')
      return c.body(csv, 200, { 'content-type': 'text/csv; charset=utf-8' })
    return c.body(new Uint8Array(gzipSync(csv)), 200, { 'content-type': 'application/octet-stream' })
  })
  return app
}
