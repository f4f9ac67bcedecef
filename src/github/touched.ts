/** What specs may hold. */
const SCHEMA = 'schema/'

/** What changes a plan besides the specs and their schema: the muster that plans. */
const MUSTER = ['.github/actions/muster/', '.github/workflows/muster-']

/** Whether any of these files may change what is planned. Paths are from the root of the repository. */
export const touchesPlan = (files: Iterable<string>, dir: string): boolean =>
  touches(files, [folderOf(dir), SCHEMA, ...MUSTER])

/** Whether any of these files is a spec, or says what one may hold: a push of it is applied. */
export const touchesSpecs = (files: Iterable<string>, dir: string): boolean =>
  touches(files, [folderOf(dir), SCHEMA])

const folderOf = (dir: string): string => `${dir.replace(/^\.\//, '').replace(/\/+$/, '')}/`

const touches = (files: Iterable<string>, folders: readonly string[]): boolean => {
  for (const file of files) if (folders.some(folder => file.startsWith(folder))) return true
  return false
}
