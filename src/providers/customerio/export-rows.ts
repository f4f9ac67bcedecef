import { type Parser, parse } from 'csv-parse'
import { failureOf } from '../../model/failure.ts'
import type { SourcePerson } from '../../model/membership.ts'
import { type Answered, unexpectedShape } from '../shape.ts'

/** What is read of a file, and what its export says of it. */
export interface RowsRequest {
  /** The header of the column that holds each person's value. */
  readonly column: string
  /** How many people the file must hold. */
  readonly total: number
  readonly answered: Answered
  /** Says why the file is not whole. */
  readonly breakOff: (why: string) => never
}

/** People of a page, at the least: what a few pieces of the file bring. */
const PAGE = 10_000

/** A record is a person with a few columns; this stops a quote that is never closed. */
const LONGEST_RECORD = 64 * 1024

/**
 * Reads a CSV file as it comes, by the names in its header. The last person is kept back until the whole number is
 * there, and its line has ended: a file that breaks off may break off within an identifier, and what is left of it
 * could be somebody else's.
 */
export async function* readRows(
  pieces: AsyncIterable<Uint8Array>,
  request: RowsRequest,
): AsyncGenerator<readonly SourcePerson[]> {
  const people: SourcePerson[] = []
  const parser = createParser(request, people)
  let told = 0
  let lastByte: number | undefined
  try {
    for await (const piece of checkEncoding(pieces, request)) {
      await writeTo(parser, piece)
      lastByte = piece.at(-1) ?? lastByte
      if (people.length <= PAGE) continue
      const page = people.splice(0, people.length - 1)
      told += page.length
      yield page
    }
    await endOf(parser)
  } catch (error) {
    if (failureOf(error)) throw error
    // Only the word is kept: the error itself quotes the record.
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (typeof code !== 'string' || !/^CSV_[A-Z_]+$/.test(code)) throw error
    request.breakOff(`it is not the CSV that its header promises (${code})`)
  }
  const isWhole = told + people.length === request.total && lastByte === LINE_FEED
  yield isWhole ? people : people.slice(0, -1)
}

const LINE_FEED = 0x0a

/** Bytes that are not UTF-8 would turn into other people's identifiers. */
async function* checkEncoding(
  pieces: AsyncIterable<Uint8Array>,
  { breakOff }: RowsRequest,
): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const check = (piece?: Uint8Array): void => {
    try {
      decoder.decode(piece, { stream: piece !== undefined })
    } catch {
      // The error tells no more than that.
      breakOff('it is not UTF-8')
    }
  }
  for await (const piece of pieces) {
    check(piece)
    yield piece
  }
  check()
}

const createParser = (request: RowsRequest, people: SourcePerson[]): Parser => {
  let toPerson: ((record: readonly string[]) => SourcePerson) | undefined
  const parser = parse({
    bom: true,
    skip_empty_lines: true,
    max_record_size: LONGEST_RECORD,
    // Taken here, not from the stream: one step of a stream for each person costs more than reading them.
    on_record: (record: readonly string[]) => {
      if (toPerson) people.push(toPerson(record))
      else toPerson = readHeader(request, record)
      return null
    },
  })
  // Failures are taken from the write that met them.
  parser.on('error', () => undefined)
  return parser
}

const PERSON_COLUMN = 'cio_id'

/** Columns are found by their names: their order, and what else is there, is not documented. */
const readHeader = ({ column, answered }: RowsRequest, header: readonly string[]) => {
  const person = header.indexOf(PERSON_COLUMN)
  const value = header.indexOf(column)
  if (person < 0) unexpectedShape(answered, PERSON_COLUMN, 'among the columns')
  if (value < 0) unexpectedShape(answered, column, 'among the columns')
  return (record: readonly string[]): SourcePerson => ({
    person: record[person] || unexpectedShape(answered, PERSON_COLUMN, 'a text with an id'),
    value: record[value] || undefined,
  })
}

const writeTo = (parser: Parser, piece: Uint8Array): Promise<void> =>
  new Promise((resolve, reject) => {
    parser.write(piece, error => (error ? reject(error) : resolve()))
  })

const endOf = (parser: Parser): Promise<void> =>
  new Promise((resolve, reject) => {
    parser.end((error?: Error | null) => (error ? reject(error) : resolve()))
  })
