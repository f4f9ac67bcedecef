import type { Drift } from '../model/plan.ts'
import { formatAge, type Instant } from '../model/time.ts'
import { showLine, showValue } from './show-value.ts'

/** One finding in a line: what differs, and both sides of it where they are known. */
export const describeDrift = ({ detail, recorded, observed, recordedAt }: Drift, now: Instant): string => {
  const age = recordedAt === undefined ? '' : formatAge(recordedAt, now)
  const sides = [
    ...(recorded === undefined ? [] : [`recorded: ${cut(showValue(recorded))}${age && `, ${age}`}`]),
    ...(recorded === undefined && age !== '' ? [`recorded ${age}`] : []),
    ...(observed === undefined ? [] : [`shown: ${cut(showValue(observed))}`]),
  ]
  return sides.length === 0 ? showLine(detail) : `${showLine(detail)} (${sides.join('; ')})`
}

const LONGEST_SIDE = 80

const cut = (text: string): string =>
  text.length <= LONGEST_SIDE ? text : `${text.slice(0, LONGEST_SIDE - 1)}…`.toWellFormed()
