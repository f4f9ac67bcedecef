import type { AttributeChange, Change } from '../model/plan.ts'
import type { RecordedObject } from '../model/recorded.ts'
import type { Believed } from './believed.ts'

/** Not an attribute that anyone declares: whether the list showed the object, compared only while it is pending. */
export const LISTED = 'listed'

/** What no vendor shows any more is made anew, or let go of without a call. */
export const isGone = ({ attributes }: Pick<Change, 'attributes'>): boolean =>
  attributes.some(({ attribute, before }) => attribute === LISTED && before === 'gone')

/** What an object that is there no more must come to be again. */
export const GONE: AttributeChange = {
  attribute: LISTED,
  before: 'gone',
  after: 'yes',
  belief: 'read',
  origin: 'drift',
}

/** A created object counts as done only once its vendor lists it: a bad name may be dropped with a 200. */
export const compareListing = (recorded: RecordedObject, { presence }: Believed): AttributeChange[] => {
  // Names in Customer.io come free again, so that a manual segment that somebody deleted can be made anew.
  const isGone = recorded.kind === 'source' && recorded.status === 'seen' && presence === 'unlisted'
  if (recorded.status === 'seen' && !isGone) return []
  const open = recorded.carriesFrom === undefined ? LISTING[presence] : 'loading'
  return [
    {
      attribute: LISTED,
      before: isGone ? 'gone' : open,
      after: 'yes',
      belief: presence === 'unread' ? 'unknown' : 'read',
      origin: isGone ? 'drift' : 'file',
    },
  ]
}

const LISTING: Readonly<Record<Believed['presence'], string>> = {
  listed: 'now',
  ours: 'now',
  unlisted: 'not yet',
  unread: 'unknown',
}
