import { AUDITED_ON, type VendorLimit } from '../vendor-limit.ts'

const limit = (id: string, source: string, claim: string, answer: string): VendorLimit => ({
  id: `moengage/${id}`,
  claim,
  answer,
  source,
  checkedOn: AUDITED_ON,
})

/** What MoEngage's APIs cannot do, and what muster does instead. */
export const MOENGAGE_LIMITS: readonly VendorLimit[] = [
  limit(
    'no-members',
    'Segments API v2 and v3; Data API, Get User',
    'No call lists the members of a segment, or answers whether a user is in one.',
    'Keeps a ledger of what was accepted, and never calls it the members.',
  ),
  limit(
    'accepted-only',
    'Cohort Sync API, 200 response',
    'A 200 means accepted. There is no job, no count, and no word about single identifiers.',
    'Counts acceptance; `sync --full` sends all members again.',
  ),
  limit(
    'unknown-users-skipped',
    'Cohort Sync API, user resolution',
    'Identifiers that MoEngage does not know are skipped without a word. Users are never created.',
    'Says "accepted", never "reached"; skips the values that MoEngage refuses as ids, and counts them.',
  ),
  limit(
    'users-twenty-a-call',
    'Data API, Get User',
    'Whether an identifier is known can be asked for 20 users a call and 1,000 a minute; the answer names no segment.',
    'Asks for a sample before many are added at once, on a pace of its own, and asks for no attribute but the id.',
  ),
  limit(
    'no-cohort-metadata',
    'Cohort Sync API; Segments API v3, list',
    'cohort_id, partner and description are never given back: a cohort can be found again by its exact name only.',
    'Keeps the name unchangeable and looks for it in the list after the first accepted batch.',
  ),
  limit(
    'no-rename',
    'User guide, Manage segments; Cohort Sync API',
    'A cohort cannot be renamed, and what a new name under an old cohort_id does is not documented.',
    'Makes a new cohort under a new cohort_id, carries everyone over, and then drains the old one.',
  ),
  limit(
    'names-never-free',
    'User guide, Manage segments',
    'A name is used up for ever, by archived segments too, and a bad one may be dropped behind a 200.',
    'Remembers retired names, and checks a name before anything is sent.',
  ),
  limit(
    'no-delete',
    'Segments API, all editions',
    'No segment can be deleted. Whether a cohort can be archived by API is said both ways.',
    'Removes all members, then asks for the archive, and says which of both was confirmed.',
  ),
  limit(
    'sixty-days',
    'User guide, Manage segments; Cohort Sync API, archival',
    'A segment that nothing queries for 60 days is archived, syncing does not count, and 30 days later its users are gone.',
    'Says that the age of the last use is unknown, because no call gives it, and warns ten days before it could be 60.',
  ),
  limit(
    'no-unarchive',
    'Cohort Sync API; User guide, Manage segments',
    'One page says that a cohort can be brought back by API, another that it cannot.',
    'Does not try: a new generation, under a new name, is the way that is sure to work.',
  ),
  limit(
    'no-status',
    'Segments API v3, list and get',
    'Answers hold no size, no status and no archived flag, and whether the list shows archived ones is not documented.',
    'Reports absence from the list as drift, "archived, or gone". A plan proposes another cohort in its place.',
  ),
  limit(
    'older-get-by-id',
    'Segments API v3, get (editions of August and September 2026)',
    'By id, one edition answers with the filters, an older one with a list that has none.',
    'Takes both, and fails to read rather than report a difference when the filters are not there.',
  ),
  limit(
    'one-segment-per-filter',
    'Segments API v3, 409 response',
    'Two segments may not have the same filters.',
    'Names the segment that has them already, so that one of the wanted name can be taken over.',
  ),
  limit(
    'ten-in-one',
    'User guide, Segment nesting',
    'One definition may use at most ten other segments.',
    'Passes the refusal on as provider/too-complex.',
  ),
  limit(
    'payload-size',
    'Cohort Sync API, limits',
    '128 KB a call, without saying whether that is 128,000 or 131,072 bytes.',
    'Cuts batches at 120,000 encoded bytes.',
  ),
  limit(
    'shared-rate',
    'Rate limits',
    '300 Cohort Sync calls a minute for the workspace, all partners together.',
    'Stays at 240 unless rate.moengage_per_minute says otherwise.',
  ),
  limit(
    'reset-read-two-ways',
    'Rate limits; Data API, overview',
    'x-ratelimit-reset is a moment on one page and the seconds left on another.',
    'Takes large numbers as moments and small ones as seconds.',
  ),
]
