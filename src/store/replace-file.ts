import { rename, writeFile } from 'node:fs/promises'
import { failOnFile } from './file-failure.ts'

/**
 * Writes a whole file or none, readable by its owner only. Only who holds the store calls it: what a killed process
 * left half-written is overwritten, not collected. With `flush` it is on disk before it is swapped in.
 */
export const replaceFile = async (path: string, text: string, flush = false): Promise<void> => {
  const next = `${path}.next`
  try {
    await writeFile(next, text, { mode: 0o600, flush })
    await rename(next, path)
  } catch (error) {
    failOnFile(path, error)
  }
}
