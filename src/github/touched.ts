/** What changes a plan besides the specs: what they may hold, and the muster that plans. */
const ALSO = ['schema/', '.github/actions/muster/', '.github/workflows/muster-']

/** Whether any of these files may change what is planned. Paths are from the root of the repository. */
export const touchesPlan = (files: Iterable<string>, dir: string): boolean => {
  const folders = [`${dir.replace(/^\.\//, '').replace(/\/+$/, '')}/`, ...ALSO]
  for (const file of files) if (folders.some(folder => file.startsWith(folder))) return true
  return false
}
