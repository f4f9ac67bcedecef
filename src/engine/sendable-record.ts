import type { RecordedObject } from '../model/recorded.ts'
import type { StoreWrite } from '../model/store-write.ts'
import type { SendableDefinition } from '../ports.ts'
import { buryName } from './apply-record.ts'
import type { Run } from './run.ts'

/** Of which the vendor has given the id. */
export type RemoteObject = RecordedObject & { readonly remoteId: string }

/** What is written, and what stood before it. */
export interface SendableCall<T extends RecordedObject> {
  /** As it is recorded while the outcome is open. */
  readonly object: T
  readonly recorded: RecordedObject | undefined
  /** The name that it was shown with: an earlier rename may have got no answer. */
  readonly shownName: string | undefined
  readonly definition: SendableDefinition
}

/** What stands after a refusal is what stood before it. */
export const restore = ({ object, recorded }: SendableCall<RecordedObject>): StoreWrite =>
  recorded ? { kind: 'object', object: recorded } : { kind: 'drop-object', address: object.address }

/** What stands once it is shown; names that were given up are remembered. */
export const settle = (run: Run, call: SendableCall<RemoteObject>): StoreWrite[] => [
  { kind: 'object', object: { ...call.object, status: 'seen' } },
  ...buryFormer(run, call),
]

/** The names that it had, remembered as given up. */
export const buryFormer = (run: Run, call: SendableCall<RecordedObject>): StoreWrite[] =>
  formerNames(call).flatMap((name): StoreWrite[] => {
    const { object } = call
    const tombstone = buryName(run, { ...object, attributes: { ...object.attributes, name } }, 'renamed')
    return tombstone ? [{ kind: 'tombstone', tombstone }] : []
  })

/** What it was recorded and shown as before, where that is not what it is called now. */
export const formerNames = ({
  object,
  recorded,
  shownName,
}: SendableCall<RecordedObject>): readonly string[] => {
  const former = recorded
    ? [String(recorded.attributes.name), ...(shownName === undefined ? [] : [shownName])]
    : []
  return [...new Set(former)].filter(name => name !== object.attributes.name)
}
