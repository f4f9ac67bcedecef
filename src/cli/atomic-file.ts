import { randomUUID } from 'node:crypto'
import { link, rename, rm, writeFile } from 'node:fs/promises'
import { FailureError } from '../model/failure.ts'

/** Writes a whole file or none: the text goes beside it first and is then swapped in. */
export const writeFileAtomically = (path: string, text: string, mode = 0o644): Promise<void> =>
  writeBeside(path, { text, mode }, temporary => rename(temporary, path))

/** The same for a file that must not be there yet: one that is stays as it is. */
export const createFileAtomically = (path: string, text: string): Promise<void> =>
  writeBeside(path, { text, mode: 0o644 }, temporary => link(temporary, path))

const writeBeside = async (
  path: string,
  { text, mode }: { readonly text: string; readonly mode: number },
  putInPlace: (temporary: string) => Promise<void>,
): Promise<void> => {
  const temporary = `${path}.${randomUUID()}.tmp`
  try {
    await writeFile(temporary, text, { mode })
    await putInPlace(temporary)
  } catch (error) {
    throw describeError(path, error)
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined)
  }
}

const describeError = (path: string, error: unknown): unknown => {
  if (!(error instanceof Error && 'code' in error)) return error
  const isThere = error.code === 'EEXIST'
  return new FailureError({
    origin: 'cli',
    code: isThere ? 'cli/file-exists' : 'cli/cannot-write',
    detail: isThere
      ? `${path} is there already, and stays as it is.`
      : `${path} cannot be written: ${error.code}.`,
    hint: isThere ? 'choose another name' : 'check that its folder is there and may be written to',
    retryable: false,
  })
}
