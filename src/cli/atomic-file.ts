import { randomUUID } from 'node:crypto'
import { link, rename, rm, writeFile } from 'node:fs/promises'

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

/** The same for a file that must not be there yet: rejects with EEXIST when it is. */
export const createFileAtomically = async (path: string, text: string): Promise<void> => {
  const temporary = `${path}.${randomUUID()}.tmp`
  try {
    await writeFile(temporary, text)
    await link(temporary, path)
  } finally {
    await rm(temporary, { force: true })
  }
}
