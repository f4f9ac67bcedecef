import type { Audience } from '../model/audience.ts'
import type { GuardFinding, SyncGuard } from './guard.ts'

interface FindingText {
  readonly summary: string
  /** Without the audience, which is put before it. */
  readonly detail: string
}

/** A finding that a person may let pass for one run: its hint is the command that does it. */
export const stopUnlessAllowed = (
  { id }: Pick<Audience, 'id'>,
  guard: SyncGuard,
  stops: GuardFinding['stops'],
  { summary, detail }: FindingText,
): GuardFinding => ({
  guard,
  stops,
  canAllow: true,
  diagnostic: {
    code: `guard/${guard}`,
    severity: 'error',
    summary,
    detail: `${id}: ${detail}`,
    hint: `if this is right: muster sync --only ${id} --allow ${id}:${guard}:"why"`,
  },
})

/** A count of people for a sentence. */
export const amount = (count: number): string => count.toLocaleString('en-US')

/** As few decimals as tell the value from the limit it is beside: 30.04 % past a limit of 30 % is not shown as 30 %. */
export const percent = (ratio: number, beside?: number): string => {
  for (let decimals = 1; decimals < 6; decimals += 1) {
    const text = `${Number((ratio * 100).toFixed(decimals))}%`
    if (beside === undefined || text !== percent(beside)) return text
  }
  return `${ratio * 100}%`
}
