import { AUDITED_ON, type VendorLimit } from '../vendor-limit.ts'

const limit = (id: string, source: string, claim: string, answer: string): VendorLimit => ({
  id: `customerio/${id}`,
  claim,
  answer,
  source,
  checkedOn: AUDITED_ON,
})

/** What Customer.io's App API cannot do, and what muster does instead. */
export const CUSTOMERIO_LIMITS: readonly VendorLimit[] = [
  limit(
    'no-membership-events',
    'Reporting webhooks; Data Pipelines sources; data warehouse sync',
    'Nothing tells that a person entered or left a segment: webhooks and pipelines carry messages and profiles only.',
    'Reads the whole segment and compares it with the ledger.',
  ),
  limit(
    'no-snapshot',
    'App API, GET /v1/segments/{id}/membership',
    'Pages are no snapshot: order, life of the cursor and what happens to people who move meanwhile are not documented.',
    'Counts before and after, stops at a repeated cursor, and removes nobody after an incomplete read.',
  ),
  limit(
    'partial-while-building',
    'App API, segment object; Journeys, data-driven segments',
    'While a segment is being built its membership is partial, and the answer looks like any other.',
    'Takes a read as complete only when the segment is finished before and after it.',
  ),
  limit(
    'no-editing',
    'App API, Segments',
    'A key can create and delete manual segments, but cannot rename one, nor create or change a data-driven one.',
    'Treats data-driven segments as given, and checks that the id still has the name that was reviewed.',
  ),
  limit(
    'conditions-hidden',
    'App API, segment object',
    'The conditions of a data-driven segment are not part of any documented answer.',
    'Does not claim to know whether a definition changed; the guards look at what it does to the members.',
  ),
  limit(
    'names-not-unique',
    'App API, POST /v1/segments',
    'No answer for a duplicate name is documented, so two segments may have one name.',
    'Binds by id and uses the name only as a check.',
  ),
  limit(
    'no-phone',
    'App API, membership identifiers',
    'Membership gives id, email and cio_id. It never gives a phone number, even where that is an identifier.',
    'Matches on id, email or cio_id. Any other attribute would take a people export.',
  ),
  limit(
    'identifiers-change',
    'Track API, identify and merge',
    'id and email of a person may change, and a merge deletes a profile. Only cio_id stays.',
    'Keys the ledger by cio_id: a changed identifier is one remove and one add.',
  ),
  limit(
    'quota-without-end',
    'App API, 429 responses (definition of 2026-09-17)',
    'Retry-After comes with the per-second limit only. A daily quota has no end time and its size is not published.',
    'Tries three times, then stops the run with provider/quota and removes nobody.',
  ),
  limit(
    'rate-scope-unknown',
    'App API, rate limits',
    '10 calls a second, without saying whether for a key, a workspace or an account.',
    'Stays at 8 a second unless rate.customerio_per_second says otherwise.',
  ),
  limit(
    'key-does-not-say-where',
    'App API, authentication',
    'A key of another region fails with 401, and a key does not tell its workspace.',
    'Names the configured region in the hint, and prints the workspace of every plan from its file.',
  ),
  limit(
    'used-by-is-partial',
    'App API, GET /v1/segments/{id}/used_by',
    'used_by covers campaigns and newsletters, not other segments, ad audiences or muster.',
    'Does not take its silence for a proof that a segment is unused.',
  ),
]
