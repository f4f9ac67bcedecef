import { createIdentification, type Identification } from '../membership/identify.ts'
import type { IdentifierKey } from '../model/audience.ts'
import type { Run } from './run.ts'

/** Begins to identify people by a key, counting on from those who were skipped before. */
export type Identify = (skipped?: Identification['skipped']) => Identification

/** How people are identified by a key. Numbering plans are loaded only when numbers have to be read: they cost 0.1 s. */
export const prepareIdentification = async ({ reader }: Run, key: IdentifierKey): Promise<Identify> => {
  const { refusesIdentifier: refuses } = reader.destination
  const format = await loadFormat(key)
  return skipped => createIdentification({ refuses, format, ...(skipped && { skipped }) })
}

const loadFormat = async (
  key: IdentifierKey,
): Promise<((value: string) => string | undefined) | undefined> => {
  if (key.kind !== 'attribute' || key.format === undefined) return undefined
  const { createPhoneReader } = await import('../membership/phone.ts')
  return createPhoneReader(key.country)
}
