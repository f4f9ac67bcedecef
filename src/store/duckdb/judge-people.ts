import type { Comparison } from './comparison.ts'
import { chooseStay, hasReentryBar, stageReason } from './rule-sql.ts'

/** Decides who is let in, and who stays although the source no longer has them. */
export const judgePeople = async (comparison: Comparison): Promise<void> => {
  const { fill, tables } = comparison
  await fill(
    tables.missing,
    `SELECT person, bool_or(leaving_since IS NULL) AS is_new
     FROM ${tables.known} ANTI JOIN ${tables.people} USING (person) GROUP BY person`,
  )
  await fill(
    tables.judged,
    `SELECT person, identifier, ${chooseReason(comparison)} AS reason
     FROM ${tables.people} WHERE identifier IS NOT NULL`,
  )
  await fill(
    tables.wanted,
    `SELECT person, identifier, NULL::VARCHAR AS held_by FROM ${tables.judged} WHERE reason IS NULL`,
  )
  await addHeld(comparison)
}

/** Most important reason first, in the order of \`KEEP_OUT_REASONS\`. */
const chooseReason = ({ rules, tables }: Comparison): string => {
  if (!rules) return 'NULL::VARCHAR'
  const departed = hasReentryBar(rules)
    ? `WHEN person IN (
         SELECT person FROM departures WHERE audience = $audience AND removed_at > $departedSince::TIMESTAMP
       ) AND person NOT IN (SELECT person FROM ${tables.known}) THEN 'no-reentry'`
    : ''
  return `coalesce(${stageReason(rules, tables) ?? 'NULL'}, CASE
    ${departed}
    WHEN identifier IN (SELECT identifier FROM ${tables.barred}) THEN 'rejected'
    WHEN identifier IN (SELECT identifier FROM ${tables.open} WHERE awaits_remove) THEN 'unsettled'
  END)`
}

/**
 * Whoever is held is wanted, with a reason: what follows knows no exceptions. They would have to be added again if that
 * were in doubt, so a remove that has no answer yet lets them go.
 */
const addHeld = async ({ add, rules, tables }: Comparison): Promise<void> => {
  const stay = chooseStay(rules)
  if (!stay) return
  await add(
    tables.wanted,
    `SELECT person, identifier, '${stay.reason}' FROM (
       SELECT person, identifier, leaving_since, min(entered_at) OVER (PARTITION BY person) AS first_entered_at
       FROM ${tables.known} SEMI JOIN ${tables.missing} USING (person)
     )
     WHERE ${stay.condition} AND (${stageReason(rules, tables) ?? 'NULL'}) IS NULL
       AND identifier NOT IN (SELECT identifier FROM ${tables.open} WHERE awaits_remove)`,
  )
}
