import { readFileSync } from 'node:fs'
import type { WrittenPlan } from '../../src/model/generated/plan.ts'
import { digestOf } from '../../src/plan/digest.ts'
import { compileSchema } from '../../src/spec/schema-validator.ts'

/** The schema of plan documents, as apply checks one. */
export const planSchema = compileSchema(
  // Our own file: its shape is checked when it is compiled.
  JSON.parse(readFileSync(new URL('../../schema/plan.schema.json', import.meta.url), 'utf8')) as object,
)

/** The document with both digests made anew, as somebody would who knows how they are made. */
export const digestAgain = (document: WrittenPlan): WrittenPlan => {
  const { digest: _digest, seal: _seal, ...undigested } = document
  const {
    planned_at: _plannedAt,
    expires_at: _expiresAt,
    observed_digest: _observed,
    reads: _reads,
    beliefs: _beliefs,
    evidence: _evidence,
    allowances: _allowances,
    advice: _advice,
    effects: _effects,
    cost: _cost,
    changes,
    ...decided
  } = undigested
  const digest = digestOf({ ...decided, changes: changes.map(({ calls: _calls, ...change }) => change) })
  const sealed = { ...undigested, digest }
  return { ...sealed, seal: digestOf(sealed) }
}
