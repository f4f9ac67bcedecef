import { type DeltaCounts, NOBODY_KEPT_OUT } from '../../model/membership.ts'
import type { Comparison } from './comparison.ts'
import { has, lacks } from './presence.ts'
import { chooseStay, hasReentryBar, stageReason } from './rule-sql.ts'

/** Decides who is let in and who stays although the source no longer has them, and counts who is kept out. */
export const judgePeople = async (comparison: Comparison): Promise<DeltaCounts['keptOut']> => {
  const { fill, sizes, tables } = comparison
  if (sizes.known > 0) {
    await fill(
      'missing',
      `SELECT person, bool_or(leaving_since IS NULL) AS is_new
       FROM ${tables.known} k WHERE ${lacks(tables.people, 'k', 'person')} GROUP BY person`,
    )
  }
  const keptOut = await letIn(comparison)
  await addHeld(comparison)
  return keptOut
}

const letIn = async (comparison: Comparison): Promise<DeltaCounts['keptOut']> => {
  const { fill, countEach, sizes, tables } = comparison
  if (sizes.people === 0) return NOBODY_KEPT_OUT
  const kept = chooseReason(comparison)
  if (!kept) {
    await letAllIn(comparison)
    return NOBODY_KEPT_OUT
  }
  await fill(
    'judged',
    `SELECT person, identifier, ${kept.reason} AS reason
     FROM ${tables.people} p ${kept.joins} WHERE identifier IS NOT NULL`,
  )
  if (sizes.judged === 0) return NOBODY_KEPT_OUT
  await fill(
    'wanted',
    `SELECT person, identifier, NULL::text AS held_by FROM ${tables.judged} j WHERE reason IS NULL`,
  )
  if (sizes.wanted === sizes.judged) return NOBODY_KEPT_OUT
  const counted = await countEach(
    `SELECT reason, count(*) FROM ${tables.judged} j WHERE reason IS NOT NULL GROUP BY reason`,
  )
  if (counted.unsettled !== undefined)
    await fill('awaited', `SELECT DISTINCT identifier FROM ${tables.judged} j WHERE reason = 'unsettled'`)
  return { ...NOBODY_KEPT_OUT, ...counted }
}

/** Whoever is held comes to those who are wanted: only if nobody can be, no table of them is made. */
const letAllIn = async ({ count, fill, sizes, stand, tables }: Comparison): Promise<void> => {
  const carriers = `FROM ${tables.people} p WHERE identifier IS NOT NULL`
  const query = `SELECT person, identifier, NULL::text AS held_by ${carriers}`
  if (sizes.missing > 0) return fill('wanted', query)
  const { wanted } = await count({ wanted: `SELECT count(*) ${carriers}` })
  stand('wanted', query, wanted)
}

/** Why a row of `people` is kept out, as an expression, and what has to be joined for it. */
interface Reason {
  readonly reason: string
  readonly joins: string
}

/** Most important reason first, in the order of `KEEP_OUT_REASONS`. Undefined: there can be none. */
const chooseReason = (comparison: Comparison): Reason | undefined => {
  const { engine, rules, sizes, tables } = comparison
  const reasons = [
    ...(hasReentryBar(rules)
      ? [
          {
            when: 'is_departed',
            reason: 'no-reentry',
            join: `LEFT JOIN (
              SELECT DISTINCT person, true AS is_departed FROM departures d
              WHERE audience = $audience AND removed_at > $departedSince::${engine.time}
                AND ${lacks(tables.known, 'd', 'person')}
            ) d USING (person)`,
          },
        ]
      : []),
    // Whoever is in stays in: they are only not sent. Nothing that is barred is settled, so all its rows are known.
    ...(rules && sizes.barred > 0
      ? [
          {
            when: 'is_barred',
            reason: 'rejected',
            join: `LEFT JOIN (
              SELECT identifier, true AS is_barred FROM ${tables.barred} b WHERE ${lacks(tables.known, 'b', 'identifier')}
            ) b USING (identifier)`,
          },
        ]
      : []),
    ...(rules && sizes.open > 0
      ? [
          {
            when: 'awaits_remove',
            reason: 'unsettled',
            join: `LEFT JOIN (SELECT identifier, awaits_remove FROM ${tables.open} o) o USING (identifier)`,
          },
        ]
      : []),
  ]
  const others = reasons.map(({ when, reason }) => `WHEN ${when} THEN '${reason}'`).join(' ')
  const stage = stageReason(comparison)
  if (stage === undefined && others === '') return undefined
  return {
    reason: `coalesce(${stage ?? 'NULL'}, ${others === '' ? 'NULL' : `CASE ${others} END`})::text`,
    joins: reasons.map(({ join }) => join).join(' '),
  }
}

/**
 * Whoever is held is wanted, with a reason: what follows knows no exceptions. They would have to be added again if that
 * were in doubt, so where a remove has no answer yet they wait for it first.
 */
const addHeld = async (comparison: Comparison): Promise<void> => {
  const { fill, sizes, tables } = comparison
  const stay = chooseStay(comparison)
  if (!stay || sizes.missing === 0) return
  const awaiting = `(SELECT identifier FROM ${tables.open} o WHERE awaits_remove)`
  const stayers = `
    FROM (
      SELECT person, identifier, leaving_since, min(entered_at) OVER (PARTITION BY person) AS first_entered_at
      FROM ${tables.known} k WHERE ${has(tables.missing, 'k', 'person')}
    ) s
    WHERE ${stay.condition} AND (${stageReason(comparison) ?? 'NULL'}) IS NULL`
  await fill(
    'wanted',
    `SELECT person, identifier, '${stay.reason}'::text AS held_by ${stayers} AND ${lacks(awaiting, 's', 'identifier')}`,
  )
  if (sizes.open > 0)
    await fill('awaited', `SELECT DISTINCT identifier ${stayers} AND ${has(awaiting, 's', 'identifier')}`)
}
