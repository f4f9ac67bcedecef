import { compareText, type Diagnostic } from '../model/diagnostic.ts'
import { describeMistake } from './codes.ts'
import { findCycles } from './cycles.ts'
import { suggestWord } from './nearest-word.ts'
import type { SpecSet } from './spec-set.ts'
import { quoteText } from './visible-text.ts'

/** `suppressed_by` names audiences that exist, never the audience itself, and never goes in a circle. */
export const checkSuppressions = (specs: SpecSet): readonly Diagnostic[] => [
  ...checkReferences(specs),
  ...checkCycles(specs),
]

const checkReferences = ({ audiences, declaredIds }: SpecSet): readonly Diagnostic[] => {
  const sortedIds = Array.from(declaredIds).sort(compareText)
  return audiences.flatMap(({ written, source }) =>
    (written.suppressed_by ?? []).flatMap((id, index) => {
      const at = () => source.locate(['suppressed_by', index])
      if (id === written.id)
        return [
          describeMistake('spec/self-suppression', {
            detail: `${quoteText(id)} would never reach anybody.`,
            hint: 'remove the entry',
            at: at(),
          }),
        ]
      if (declaredIds.has(id)) return []
      const others = sortedIds.filter(other => other !== written.id)
      return [
        describeMistake('spec/unknown-audience', {
          detail: `${quoteText(id)} is not the id of an audience in this folder.`,
          hint: suggestWord(id, others, 'remove the entry, or add the audience'),
          at: at(),
        }),
      ]
    }),
  )
}

/** Each circle is told once, at its alphabetically first member, so that the order of files does not matter. */
const checkCycles = ({ audiences }: SpecSet): readonly Diagnostic[] => {
  const byId = new Map(audiences.map(audience => [audience.written.id, audience]))
  const suppressors = new Map(
    audiences.map(({ written }) => [
      written.id,
      (written.suppressed_by ?? []).filter(id => id !== written.id),
    ]),
  )
  return findCycles(suppressors).map(cycle => {
    const [first = '', second = ''] = cycle
    const spec = byId.get(first)
    const index = spec?.written.suppressed_by?.indexOf(second) ?? -1
    return describeMistake('spec/suppression-cycle', {
      detail: describeCircle([...cycle, first]),
      hint: 'remove one of these entries',
      ...(spec ? { at: spec.source.locate(['suppressed_by', index]) } : {}),
    })
  })
}

const describeCircle = ([first = '', second = '', ...rest]: readonly string[]): string =>
  `${[`${quoteText(first)} is suppressed by ${quoteText(second)}`, ...rest.map(quoteText)].join(', which is suppressed by ')}.`
