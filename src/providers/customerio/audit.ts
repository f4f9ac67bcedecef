import { AUDITED_ON, type VendorLimit } from '../vendor-limit.ts'

const limit = (id: string, source: string, claim: string, answer: string): VendorLimit => ({
  id: `customerio/${id}`,
  claim,
  answer,
  source,
  checkedOn: AUDITED_ON,
})

/** What Customer.io's App and Track APIs cannot do, and what muster does instead. */
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
    'A key can create and delete manual segments, but not create, change or delete a data-driven one.',
    'Treats data-driven segments as given, and checks that the id still has the name that was reviewed.',
  ),
  limit(
    'no-renaming',
    'App API, Segments',
    'No call changes the name or the description of a manual segment.',
    'Never deletes and makes one to rename it, because the id would change: somebody renames it in the dashboard.',
  ),
  limit(
    'conditions-hidden',
    'App API, segment object',
    'The conditions of a data-driven segment are not part of any documented answer.',
    'Does not claim to know whether a definition changed; the guards look at what it does to the members.',
  ),
  limit(
    'edits-are-a-hint',
    'App API, segment object',
    'updated_at moves when a segment is edited. Whether it also moves when its members change is not documented.',
    'Calls a later moment a hint, and leaves it out where the answer has none.',
  ),
  limit(
    'names-not-unique',
    'App API, POST /v1/segments',
    'No answer for a duplicate name is documented, so two segments may have one name.',
    'Binds by id and uses the name only as a check; does not make a second segment of a name that is listed.',
  ),
  limit(
    'create-not-repeatable',
    'App API, POST /v1/segments',
    'There is no idempotency key: the same call sent twice makes two segments.',
    'Does not send it again once it may have arrived. Until a list was read, the outcome is unknown.',
  ),
  limit(
    'delete-undocumented',
    'App API, DELETE /v1/segments/{id}',
    'What a call says that would delete a data-driven segment, or one in use, is not documented.',
    'Is only given manual segments that muster made; passes any refusal on, and takes a 404 for "gone".',
  ),
  limit(
    'ids-ignored',
    'Track API, add_customers and remove_customers',
    'Ids that belong to nobody, or are not of the given id_type, are ignored behind a 200.',
    'Calls it accepted, not done; the segment has to be read back.',
  ),
  limit(
    'read-after-write-lag',
    'customerio-node, issue 61; Track API, 200 responses',
    'What the Track API has accepted shows up in the App API later, and nothing says how much later.',
    'Does not take a person who is not listed yet for one who was refused.',
  ),
  limit(
    'track-id-type',
    'Track API, tag "Track Segments" and its operations',
    'One page says that workspaces with both email and id as identifiers are not supported, another offers id_type.',
    'Sends ids with id_type=id, which all pages know, and trusts the reading back alone.',
  ),
  limit(
    'track-rate',
    'Track API, rate limits',
    '1,000 calls a second, "not strictly enforced": calls may be slowed down or their data dropped.',
    'Spends the budget of the App API on them, less than a hundredth of that.',
  ),
  limit(
    'no-phone',
    'App API, membership identifiers',
    'Membership gives id, email and cio_id. It never gives a phone number, even where that is an identifier.',
    'Reads pages for id, email and cio_id, and a people export for any other attribute.',
  ),
  limit(
    'export-not-repeatable',
    'App API, POST /v1/exports/customers',
    'There is no idempotency key: the same call sent twice makes two exports.',
    'Does not send it again once it may have arrived: the list of exports is asked what it did.',
  ),
  limit(
    'export-file-undocumented',
    'App API, exports; GET /v1/exports/{id}/download',
    'Columns, encoding, compression, size and running time of an export are not documented; its link lives 15 minutes.',
    'Finds columns by their names, unzips what begins as gzip does, compares the rows with the total, and asks for another link.',
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
