import { type AttributeChange, audienceOfKey, type ObjectKind, type PlanValue } from '../model/plan.ts'
import { isReference } from './address.ts'
import type { Believed } from './believed.ts'
import { isSameValue } from './compare.ts'
import { isGone, LISTED } from './listing.ts'

/** Why nothing is done: for people only. */
export const reasonForNone = ({ presence }: Believed): string =>
  presence === 'unlisted' ? 'as declared, but no longer listed' : 'as declared'

/** Why another object, or another name, is called for. */
export const reasonForRename = (kind: ObjectKind, attributes: readonly AttributeChange[]): string => {
  if (isGone({ attributes })) {
    return kind === 'cohort'
      ? 'lost: MoEngage no longer lists it, and never gives a name twice'
      : 'archived: it cannot be changed any more, so another one takes its place'
  }
  return kind === 'cohort'
    ? 'a cohort cannot be renamed: a new one takes its place'
    : 'its cohort has another name'
}

/** Why a value is to be another one. */
export const reasonForUpdate = (attributes: readonly AttributeChange[]): string => {
  const listing = attributes.find(({ attribute }) => attribute === LISTED)
  if (listing && attributes.length === 1) return LISTING_REASONS[String(listing.before)] ?? 'not listed'
  if (attributes.every(followsReplacement)) return 'points at a cohort that another one takes the place of'
  if (attributes.every(({ origin }) => origin === 'drift'))
    return 'was changed at the vendor; its file still says otherwise'
  return attributes.some(({ origin }) => origin !== 'file')
    ? 'differs from its file, and was changed at the vendor'
    : 'differs from its file'
}

/** The same cohorts before and after, one of them another generation. */
const followsReplacement = ({ attribute, before, after }: AttributeChange): boolean =>
  isReference(attribute) && isSameValue(ownersOf(before), ownersOf(after))

const ownersOf = (value: PlanValue | undefined): PlanValue =>
  Array.isArray(value) ? value.map(audienceOfKey) : audienceOfKey(String(value))

const LISTING_REASONS: Readonly<Record<string, string>> = {
  now: 'the vendor lists it now; its id is to be recorded',
  'not yet': 'accepted by the vendor, not seen in its list so far',
  unknown: 'accepted by the vendor; its list could not be read',
  loading: 'not all members were carried over to it yet',
  gone: 'somebody deleted it: it is made and filled anew',
}
