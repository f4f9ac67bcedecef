import { compareText } from '../../model/diagnostic.ts'
import { cohortAddress } from '../address.ts'
import { attributeOf, type Guard, type GuardedChange, listSome, newName, refuse } from './guard.ts'
import { UNVERIFIED } from './names.ts'

/** A cohort is filled from its segment: nothing is tied to one that nobody could look at. */
export const checkBindings: Guard = ({ changes, isOffline, view: { observed } }) => {
  const list = observed.sourceSegments
  if (isOffline || list.kind === 'read') return []
  // A manual segment that is to be made is refused for its own name: one reason is enough.
  const made = new Set(
    changes
      .filter(change => change.kind === 'source' && newName(change) !== undefined)
      .map(({ audience }) => audience),
  )
  const tied = changes.filter(change => readsAnotherSegment(change) && !made.has(change.audience))
  return tied.map(change =>
    refuse('guard/unverified', {
      summary: UNVERIFIED,
      detail:
        `${change.address}: Customer.io's list of segments could not be read ` +
        `(${list.kind === 'failed' ? list.code : 'not tried'}), so its segment may be gone, or mean other people.`,
      hint: 'plan again once the list can be read',
    }),
  )
}

const readsAnotherSegment = (change: GuardedChange): boolean => {
  if (change.kind !== 'binding') return false
  if (change.action === 'create') return true
  const isKept = change.action === 'update' || change.action === 'rename'
  return isKept && SOURCE_ATTRIBUTES.some(name => attributeOf(change, name) !== undefined)
}

const SOURCE_ATTRIBUTES = ['source_segment', 'source_name', 'source_manual']

/**
 * Every call names the partner. Whether MoEngage takes a cohort_id from another partner for the same cohort is not
 * documented, so no recorded cohort changes partner. Source: vendors' fact sheet for MoEngage, section 2.1.
 */
export const checkPartner: Guard = ({ changes, partner, view: { recorded } }) => {
  const released = new Set(changes.filter(({ action }) => action === 'forget').map(({ address }) => address))
  const others = [...recorded.objects.values()].filter(
    ({ address, kind, audience, attributes }) =>
      kind === 'binding' &&
      attributes.partner !== undefined &&
      attributes.partner !== partner &&
      recorded.objects.has(cohortAddress(audience)) &&
      !released.has(address),
  )
  if (others.length === 0) return []
  const former = [...new Set(others.map(({ attributes }) => `"${attributes.partner}"`))].sort(compareText)
  return [
    refuse('guard/partner-change', {
      summary: 'Recorded cohorts would be sent under another partner',
      detail:
        `${listSome(former)} would become "${partner}" for ${others.length === 1 ? '1 recorded cohort' : `${others.length} recorded cohorts`}. ` +
        'What MoEngage makes of that is not documented.',
      hint: `set partner in workspace.yaml back to ${former[0]}`,
    }),
  ]
}
