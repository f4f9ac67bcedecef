import { inflateRawSync } from 'node:zlib'
import { type Failure, fail } from '../model/failure.ts'

/** A file of an archive, taken out only when it is as small as agreed. */
export interface WantedFile {
  readonly name: string
  readonly maxBytes: number
}

/** Where the parts of an archive's directory stand (APPNOTE 6.3, sections 4.3.7, 4.3.12 and 4.3.16). */
const END = { signature: 0x06054b50, length: 22, entries: 10, directoryOffset: 16, commentMost: 65_535 }
const ENTRY = {
  signature: 0x02014b50,
  length: 46,
  method: 10,
  packed: 20,
  nameLength: 28,
  extraLength: 30,
  commentLength: 32,
  localOffset: 42,
}
const LOCAL = { signature: 0x04034b50, length: 30, nameLength: 26, extraLength: 28 }
const STORED = 0
const DEFLATED = 8

/** More entries than any archive of ours has. */
const MOST_ENTRIES = 50

/**
 * Files of an archive by their exact name; any other is not looked at, and nothing is written anywhere. The archive may
 * be of somebody who means harm: no size that it states is believed, and inflating stops at the limit.
 */
export const unzip = (archive: Buffer, wanted: readonly WantedFile[]): ReadonlyMap<string, Buffer> => {
  const files = new Map<string, Buffer>()
  for (const { name, method, packed } of listEntries(archive)) {
    const file = wanted.find(each => each.name === name)
    if (!file) continue
    if (files.has(name)) refuse(`it holds ${name} twice`)
    files.set(name, unpack(packed, method, file))
  }
  return files
}

interface Entry {
  readonly name: string
  readonly method: number
  readonly packed: Buffer
}

const listEntries = (archive: Buffer): readonly Entry[] => {
  const end = findEnd(archive)
  const count = archive.readUInt16LE(end + END.entries)
  if (count > MOST_ENTRIES) refuse('it holds too many files')
  const entries: Entry[] = []
  let at = archive.readUInt32LE(end + END.directoryOffset)
  for (let index = 0; index < count; index += 1) {
    expectSignature(archive, at, ENTRY)
    const nameEnd = at + ENTRY.length + archive.readUInt16LE(at + ENTRY.nameLength)
    entries.push({
      name: archive.toString('utf8', at + ENTRY.length, nameEnd),
      method: archive.readUInt16LE(at + ENTRY.method),
      packed: readPacked(archive, at),
    })
    at =
      nameEnd + archive.readUInt16LE(at + ENTRY.extraLength) + archive.readUInt16LE(at + ENTRY.commentLength)
  }
  return entries
}

const findEnd = (archive: Buffer): number => {
  const last = archive.length - END.length
  for (let at = last; at >= Math.max(0, last - END.commentMost); at -= 1) {
    if (archive.readUInt32LE(at) === END.signature) return at
  }
  return refuse('it is no archive')
}

const readPacked = (archive: Buffer, entry: number): Buffer => {
  const size = archive.readUInt32LE(entry + ENTRY.packed)
  const local = archive.readUInt32LE(entry + ENTRY.localOffset)
  expectSignature(archive, local, LOCAL)
  const begin =
    local +
    LOCAL.length +
    archive.readUInt16LE(local + LOCAL.nameLength) +
    archive.readUInt16LE(local + LOCAL.extraLength)
  if (begin + size > archive.length) refuse('it is cut off')
  return archive.subarray(begin, begin + size)
}

const expectSignature = (
  archive: Buffer,
  at: number,
  { signature, length }: { readonly signature: number; readonly length: number },
): void => {
  if (at + length > archive.length || archive.readUInt32LE(at) !== signature) refuse('it is damaged')
}

const unpack = (packed: Buffer, method: number, { name, maxBytes }: WantedFile): Buffer => {
  if (method === STORED) return packed.length <= maxBytes ? packed : refuse(`${name} is too large`)
  if (method !== DEFLATED) return refuse(`${name} is packed in an unknown way`)
  try {
    return inflateRawSync(packed, { maxOutputLength: maxBytes })
  } catch {
    return refuse(`${name} is damaged, or larger than ${maxBytes} bytes`)
  }
}

const refuse = (why: string): never => fail(hostileArtifact(why))

/** A refusal of what a run left behind. It quotes nothing of it. */
export const hostileArtifact = (why: string): Failure => ({
  origin: 'github',
  code: 'github/bad-artifact',
  detail: `What the run left behind was not used: ${why}.`,
  hint: 'look at the run; if it is of a fork, at its changes to the workflow as well',
  retryable: false,
})
