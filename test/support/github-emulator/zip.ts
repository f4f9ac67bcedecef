import { crc32, deflateRawSync } from 'node:zlib'

/** Packs files as the runner does: deflated, one after the other, the directory at the end. */
export const zip = (files: Readonly<Record<string, string | Buffer>>): Buffer => {
  const bodies: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const [name, content] of Object.entries(files)) {
    const bytes = Buffer.from(content)
    const packed = deflateRawSync(bytes)
    const facts = describe(Buffer.byteLength(name), packed.length, bytes)
    const local = Buffer.concat([word32(0x04034b50), facts, Buffer.from(name), packed])
    directory.push(
      Buffer.concat([
        word32(0x02014b50),
        word16(20),
        facts,
        word16(0),
        word16(0),
        word16(0),
        word32(0),
        word32(offset),
        Buffer.from(name),
      ]),
    )
    bodies.push(local)
    offset += local.length
  }
  const listed = Buffer.concat(directory)
  const count = word16(directory.length)
  const end = [
    word32(0x06054b50),
    word16(0),
    word16(0),
    count,
    count,
    word32(listed.length),
    word32(offset),
    word16(0),
  ]
  return Buffer.concat([...bodies, listed, ...end])
}

/** What the local header and the directory say alike. */
const describe = (nameLength: number, packedLength: number, bytes: Buffer): Buffer =>
  Buffer.concat([
    word16(20),
    word16(0),
    word16(8),
    word32(0),
    word32(crc32(bytes)),
    word32(packedLength),
    word32(bytes.length),
    word16(nameLength),
    word16(0),
  ])

const word16 = (value: number): Buffer => {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16LE(value)
  return bytes
}

const word32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value >>> 0)
  return bytes
}
