import type { Diagnostic } from '../model/diagnostic.ts'
import { describeMistake } from './codes.ts'
import type { SpecSet, WrittenSpec } from './spec-set.ts'
import { quoteText } from './visible-text.ts'

/**
 * The schema knows no calendar. Whether an override or a waiver is over is said elsewhere, where it is known what day
 * it is.
 */
export const checkDays = ({ workspace, audiences }: SpecSet): readonly Diagnostic[] => [
  ...(workspace ? checkList(workspace, 'allow', workspace.written.allow) : []),
  ...(workspace ? checkList(workspace, 'waivers', workspace.written.waivers) : []),
  ...audiences.flatMap(audience => checkList(audience, 'waivers', audience.written.waivers)),
]

const checkList = (
  { source }: Pick<WrittenSpec<unknown>, 'source'>,
  key: 'allow' | 'waivers',
  list: readonly { readonly until: string }[] = [],
): readonly Diagnostic[] =>
  list.flatMap(({ until }, index) => {
    const [year = 0, month = 0, day = 0] = until.split('-').map(Number)
    const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate()
    if (day <= lastDay) return []
    return [
      describeMistake('spec/no-such-day', {
        detail: `${quoteText(until)} is not in the calendar.`,
        hint: `the last day of that month is ${until.slice(0, -2)}${lastDay}`,
        at: source.locate([key, index, 'until']),
      }),
    ]
  })
