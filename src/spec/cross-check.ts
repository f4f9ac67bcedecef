import type { Diagnostic } from '../model/diagnostic.ts'
import type { WrittenAudience } from '../model/generated/audience.ts'
import { checkDays } from './check-days.ts'
import { checkNames } from './check-names.ts'
import { checkRecords } from './check-records.ts'
import { checkSources } from './check-sources.ts'
import { checkSuppressions } from './check-suppressions.ts'
import { checkWorkspace } from './check-workspace.ts'
import { describeMistake } from './codes.ts'
import { joinWords, suggestWord } from './nearest-word.ts'
import { baseNameOf, type SpecSet, type WrittenSpec } from './spec-set.ts'
import { quoteText } from './visible-text.ts'

/** What no file can be blamed for alone. */
export const crossCheck = (specs: SpecSet): readonly Diagnostic[] => [
  ...specs.audiences.flatMap(checkId),
  ...checkRepeatedIds(specs.audiences),
  ...checkNames(specs),
  ...checkSuppressions(specs),
  ...checkTeams(specs),
  ...checkSources(specs),
  ...checkRecords(specs),
  ...checkDays(specs),
  ...(specs.workspace ? checkWorkspace(specs.workspace) : []),
]

const checkId = ({ written, source }: WrittenSpec<WrittenAudience>): readonly Diagnostic[] => {
  const baseName = baseNameOf(source.path)
  if (written.id === baseName) return []
  return [
    describeMistake('spec/id-mismatch', {
      detail: `The file is named ${quoteText(baseName)} and declares ${quoteText(written.id)}.`,
      hint: `rename the file to ${written.id}.yaml; the id stays, because everything is keyed by it`,
      at: source.locate(['id']),
    }),
  ]
}

const checkRepeatedIds = (audiences: SpecSet['audiences']): readonly Diagnostic[] => {
  const first = new Map<string, string>()
  return audiences.flatMap(({ written, source }) => {
    const firstPath = first.get(written.id)
    if (firstPath === undefined) {
      first.set(written.id, source.path)
      return []
    }
    return [
      describeMistake('spec/duplicate-id', {
        detail: `${quoteText(written.id)} is already declared in ${firstPath}.`,
        hint: 'delete one of both files, or give this one another id',
        at: source.locate(['id']),
      }),
    ]
  })
}

const checkTeams = ({ workspace, audiences }: SpecSet): readonly Diagnostic[] => {
  const teams = Object.keys(workspace?.written.teams ?? {})
  if (teams.length === 0) return []
  return audiences
    .filter(({ written }) => !teams.includes(written.owner.team))
    .map(({ written, source }) =>
      describeMistake('spec/unknown-team', {
        detail: `${quoteText(written.owner.team)} is not among the teams of ${workspace?.source.path}.`,
        hint: suggestWord(written.owner.team, teams, `use ${joinWords(teams, 'or')}, or add the team there`),
        at: source.locate(['owner', 'team']),
      }),
    )
}
