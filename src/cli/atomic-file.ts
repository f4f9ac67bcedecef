import { randomUUID } from 'node:crypto'
import { rename, rm, writeFile } from 'node:fs/promises'

/** Writes a whole file or none: the text goes beside it first and is then swapped in. */
export const writeFileAtomically = async (path: string, text: string, mode = 0o644): Promise<void> => {
  const temporary = `${path}.${randomUUID()}.tmp`
  try {
    await writeFile(temporary, text, { mode })
    await rename(temporary, path)
  } finally {
    await rm(temporary, { force: true })
  }
}
