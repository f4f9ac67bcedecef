import { compareText, type Diagnostic } from '../model/diagnostic.ts'
import { describeMistake } from './codes.ts'
import type { Path } from './convert.ts'
import { findCycles } from './cycles.ts'
import { suggestWord } from './nearest-word.ts'
import type { SpecSet } from './spec-set.ts'
import { layerSuppressions } from './suppression-layer.ts'
import { quoteText } from './visible-text.ts'

/** `suppressed_by` names audiences that exist, never the audience itself, and never goes in a circle. */
export const checkSuppressions = (specs: SpecSet): readonly Diagnostic[] => [
  ...checkReferences(specs),
  ...checkLayer(specs),
  ...checkLayeredCount(specs),
  ...checkCycles(specs),
]

/** What the workspace says of audiences by their ids: its layer, who is in the app, whom a waiver is for. */
const checkLayer = ({ workspace, declaredIds }: SpecSet): readonly Diagnostic[] => {
  if (!workspace) return []
  const { suppressed_by: layer = [], in_app_active: active, waivers = [] } = workspace.written
  const named: readonly (readonly [string | undefined, Path])[] = [
    ...layer.map((id, index) => [id, ['suppressed_by', index]] as const),
    [active, ['in_app_active']],
    ...waivers.map(({ audience }, index) => [audience, ['waivers', index, 'audience']] as const),
  ]
  return named.flatMap(([id, path]) =>
    id === undefined || declaredIds.has(id)
      ? []
      : [
          describeMistake('spec/unknown-audience', {
            detail: `${quoteText(id)} is not the id of an audience in this folder.`,
            hint: suggestWord(
              id,
              Array.from(declaredIds).sort(compareText),
              'remove it, or add the audience',
            ),
            at: workspace.source.locate(path),
          }),
        ],
  )
}

/** As many as MoEngage combines with a cohort. Each list alone is counted by its schema. */
const MOST_SUPPRESSIONS = 9

const checkLayeredCount = ({ workspace, audiences }: SpecSet): readonly Diagnostic[] => {
  const layer = workspace?.written.suppressed_by ?? []
  return audiences.flatMap(({ written, source }) => {
    const count = layerSuppressions(written, layer).length
    if (count <= MOST_SUPPRESSIONS) return []
    return [
      describeMistake('spec/too-many-suppressions', {
        detail: `With the ${layer.length} of the workspace there are ${count}, and a MoEngage segment leaves out at most ${MOST_SUPPRESSIONS} cohorts.`,
        hint: `remove ${count - MOST_SUPPRESSIONS}, or put several into one suppression audience`,
        at: source.locate(['suppressed_by']),
      }),
    ]
  })
}

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
const checkCycles = ({ workspace, audiences }: SpecSet): readonly Diagnostic[] => {
  const byId = new Map(audiences.map(audience => [audience.written.id, audience]))
  const suppressors = new Map(
    audiences.map(({ written }) => [
      written.id,
      layerSuppressions(written, workspace?.written.suppressed_by).filter(id => id !== written.id),
    ]),
  )
  return findCycles(suppressors).map(cycle => {
    const [first = '', second = ''] = cycle
    const spec = byId.get(first)
    const index = spec?.written.suppressed_by?.indexOf(second) ?? -1
    const path = index < 0 ? ['suppressed_by'] : ['suppressed_by', index]
    return describeMistake('spec/suppression-cycle', {
      detail: describeCircle([...cycle, first]),
      hint: 'remove one of these entries',
      ...(spec ? { at: spec.source.locate(path) } : {}),
    })
  })
}

const describeCircle = ([first = '', second = '', ...rest]: readonly string[]): string =>
  `${[`${quoteText(first)} is suppressed by ${quoteText(second)}`, ...rest.map(quoteText)].join(', which is suppressed by ')}.`
