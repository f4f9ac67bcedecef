import { fail } from '../model/failure.ts'

/** The most memory that the store's engine may take, as MUSTER_STORE_MEMORY says: beyond it, it spills to disk. */
export const readStoreMemory = (written: string | undefined): { readonly memoryLimit?: string } => {
  if (written === undefined || written === '') return {}
  if (/^[1-9][0-9]{0,5}(MB|GB)$/.test(written)) return { memoryLimit: written }
  return fail({
    origin: 'cli',
    code: 'cli/bad-memory',
    detail: `MUSTER_STORE_MEMORY is "${written.slice(0, 20)}", which is no amount of memory.`,
    hint: 'write it like 512MB or 2GB; without it, the engine takes 1GB at most',
    retryable: false,
  })
}
