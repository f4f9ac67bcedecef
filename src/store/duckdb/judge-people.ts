import { type DeltaCounts, NOBODY_KEPT_OUT } from '../../model/membership.ts'
import type { Comparison } from './comparison.ts'
import { chooseStay, hasReentryBar, stageReason } from './rule-sql.ts'

/** Decides who is let in and who stays although the source no longer has them, and counts who is kept out. */
export const judgePeople = async (comparison: Comparison): Promise<DeltaCounts['keptOut']> => {
  const { fill, sizes, tables } = comparison
  if (sizes.known > 0) {
    await fill(
      'missing',
      `SELECT person, bool_or(leaving_since IS NULL) AS is_new
       FROM ${tables.known} ANTI JOIN ${tables.people} USING (person) GROUP BY person`,
    )
  }
  const keptOut = await letIn(comparison)
  await addHeld(comparison)
  return keptOut
}

const letIn = async (comparison: Comparison): Promise<DeltaCounts['keptOut']> => {
  const { fill, countEach, sizes, tables } = comparison
  if (sizes.people === 0) return NOBODY_KEPT_OUT
  const reason = chooseReason(comparison)
  if (reason === undefined) {
    await letAllIn(comparison)
    return NOBODY_KEPT_OUT
  }
  await fill(
    'judged',
    `SELECT person, identifier, ${reason} AS reason FROM ${tables.people} WHERE identifier IS NOT NULL`,
  )
  if (sizes.judged === 0) return NOBODY_KEPT_OUT
  await fill(
    'wanted',
    `SELECT person, identifier, NULL::VARCHAR AS held_by FROM ${tables.judged} WHERE reason IS NULL`,
  )
  if (sizes.wanted === sizes.judged) return NOBODY_KEPT_OUT
  const counted = await countEach(
    `SELECT reason, count(*) FROM ${tables.judged} WHERE reason IS NOT NULL GROUP BY reason`,
  )
  if (counted.unsettled !== undefined)
    await fill('awaited', `SELECT DISTINCT identifier FROM ${tables.judged} WHERE reason = 'unsettled'`)
  return { ...NOBODY_KEPT_OUT, ...counted }
}

/** Whoever is held comes to those who are wanted: only if nobody can be, no table of them is made. */
const letAllIn = async ({ count, fill, sizes, stand, tables }: Comparison): Promise<void> => {
  const carriers = `FROM ${tables.people} WHERE identifier IS NOT NULL`
  const query = `SELECT person, identifier, NULL::VARCHAR AS held_by ${carriers}`
  if (sizes.missing > 0) return fill('wanted', query)
  const { wanted } = await count({ wanted: `SELECT count(*) ${carriers}` })
  stand('wanted', query, wanted)
}

/** Most important reason first, in the order of `KEEP_OUT_REASONS`. Undefined: there can be none. */
const chooseReason = ({ rules, sizes, tables }: Comparison): string | undefined => {
  if (!rules) return undefined
  const departed = hasReentryBar(rules)
    ? `WHEN person IN (
         SELECT person FROM departures WHERE audience = $audience AND removed_at > $departedSince::TIMESTAMP
       ) AND person NOT IN (SELECT person FROM ${tables.known}) THEN 'no-reentry'`
    : ''
  // Whoever is in stays in: they are only not sent. Nothing that is barred is settled, so all its rows are known.
  const barred =
    sizes.barred > 0
      ? `WHEN identifier IN (SELECT identifier FROM ${tables.barred} ANTI JOIN ${tables.known} USING (identifier))
         THEN 'rejected'`
      : ''
  const awaited =
    sizes.open > 0
      ? `WHEN identifier IN (SELECT identifier FROM ${tables.open} WHERE awaits_remove) THEN 'unsettled'`
      : ''
  const others = `${departed} ${barred} ${awaited}`.trim()
  const stage = stageReason(rules, tables.testers)
  if (stage === undefined && others === '') return undefined
  return `coalesce(${stage ?? 'NULL'}, ${others === '' ? 'NULL' : `CASE ${others} END`})::VARCHAR`
}

/**
 * Whoever is held is wanted, with a reason: what follows knows no exceptions. They would have to be added again if that
 * were in doubt, so where a remove has no answer yet they wait for it first.
 */
const addHeld = async ({ fill, rules, sizes, tables }: Comparison): Promise<void> => {
  const stay = chooseStay(rules)
  if (!stay || sizes.missing === 0) return
  const awaiting = `SELECT identifier FROM ${tables.open} WHERE awaits_remove`
  const stayers = `
    FROM (
      SELECT person, identifier, leaving_since, min(entered_at) OVER (PARTITION BY person) AS first_entered_at
      FROM ${tables.known} SEMI JOIN ${tables.missing} USING (person)
    )
    WHERE ${stay.condition} AND (${stageReason(rules, tables.testers) ?? 'NULL'}) IS NULL`
  await fill(
    'wanted',
    `SELECT person, identifier, '${stay.reason}' AS held_by ${stayers} AND identifier NOT IN (${awaiting})`,
  )
  if (sizes.open > 0)
    await fill('awaited', `SELECT DISTINCT identifier ${stayers} AND identifier IN (${awaiting})`)
}
