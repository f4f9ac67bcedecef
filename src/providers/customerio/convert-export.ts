import type { PeopleExport } from '../../ports.ts'
import type { Answer } from '../answer.ts'
import { type Answered, expectCount, expectList, expectObject, unexpectedShape } from '../shape.ts'

/** Body that asks for everybody of a segment. `attribute` becomes a column besides the identifiers. */
export const encodeExport = (segmentId: number, attribute?: string): Uint8Array =>
  Buffer.from(
    JSON.stringify({
      filters: { segment: { id: segmentId } },
      ...(attribute !== undefined && { attributes: [attribute] }),
    }),
  )

/** The exports of people in a list; those of messages are left out. */
export const toPeopleExports = (answer: Answer): readonly PeopleExport[] => {
  const { exports } = expectObject(answer, 'the body', answer.body)
  return expectList(answer, 'exports', exports)
    .filter(each => expectObject(answer, 'exports[]', each).type === 'customers')
    .map(each => toPeopleExport(answer, each, 'exports[]'))
}

/** The one export of an answer. */
export const toOneExport = (answer: Answer): PeopleExport =>
  toPeopleExport(answer, expectObject(answer, 'the body', answer.body).export, 'export')

const toPeopleExport = (answered: Answered, value: unknown, field: string): PeopleExport => {
  const { id, status, total, description, failed } = expectObject(answered, field, value)
  return {
    exportId: expectCount(answered, `${field}.id`, id),
    status: failed === true ? 'failed' : toStatus(answered, `${field}.status`, status),
    // Nothing is promised of it before the export is done.
    total: status === 'done' ? expectCount(answered, `${field}.total`, total) : 0,
    description: typeof description === 'string' ? description : '',
  }
}

const toStatus = (answered: Answered, field: string, status: unknown): PeopleExport['status'] =>
  status === 'pending' || status === 'done' || status === 'failed'
    ? status
    : unexpectedShape(answered, field, 'a known status')

/** Where the file is. The definition calls it `url`, the vendor's own client `link`. */
export const toLink = (answer: Answer): string => {
  const { url, link } = expectObject(answer, 'the body', answer.body)
  const written = url ?? link
  return typeof written === 'string' && written !== ''
    ? written
    : unexpectedShape(answer, 'url', 'a link to the file')
}
