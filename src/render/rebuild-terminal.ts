import type { RecordedObject } from '../model/recorded.ts'
import type { Rebuilt, RebuiltObject } from '../plan/rebuild.ts'
import { showLine } from './show-value.ts'
import { alignColumns, countOf } from './words.ts'

/** Where a rebuilt record comes from, as far as a person must know it. */
export interface RebuildSources {
  /** Absent without a log. */
  readonly log?: { readonly path: string; readonly head: number; readonly damagedLines: number }
}

const ORIGINS: Readonly<Record<RebuiltObject['from'], string>> = {
  log: 'as the log says',
  found: 'listed under its declared name',
  spec: 'from its file',
}

/** What would be recorded, from where, and what is lost for good. */
export const renderRebuild = (rebuilt: Rebuilt, sources: RebuildSources): string => {
  const sections = [
    describeLog(sources),
    ...(rebuilt.objects.length > 0 ? [renderObjects(rebuilt)] : []),
    ...(rebuilt.missing.length > 0 ? [renderMissing(rebuilt)] : []),
    ...renderLost(rebuilt, sources),
  ]
  return `${sections.join('\n\n')}\n`
}

const describeLog = ({ log }: RebuildSources): string => {
  if (!log)
    return 'There is no log of the lost store. What follows was put together from both vendors and the files.'
  const damage =
    log.damagedLines === 0
      ? ''
      : ` ${countOf(log.damagedLines, 'line')} of it cannot be read: the latest changes may be missing.`
  return `Read ${log.path}, ${countOf(log.head, 'recorded change')}.${damage}`
}

const renderObjects = ({ objects, tombstones }: Rebuilt): string =>
  [
    'Would be recorded',
    ...alignColumns(
      objects.map(({ object, from, isUnlisted }) => [
        `  ${object.address}`,
        object.remoteId === undefined ? '-' : showLine(object.remoteId),
        `${ORIGINS[from]}${isUnlisted ? ', but not listed any more' : ''}${describeCohortId(object)}`,
      ]),
    ),
    ...(tombstones.length > 0 ? [`  and ${countOf(tombstones.length, 'tombstone')}`] : []),
  ].join('\n')

const describeCohortId = ({ attributes }: RecordedObject): string =>
  attributes.cohort_id === undefined ? '' : `; cohort_id ${showLine(String(attributes.cohort_id))}`

const renderMissing = ({ missing }: Rebuilt): string =>
  ['Declared, and not found: the next plan makes it', ...missing.map(address => `  ${address}`)].join('\n')

/** What only the store knew of people and calls, by a name for programs, and what follows. */
const LOST: Readonly<Record<string, string>> = {
  times:
    'since when members are in or leaving, and who left lately: sticky and no_reentry_for count from the next sync on',
  open_outcomes:
    'calls whose outcome was open: whoever was in them may have arrived or not, until sync --full',
  refused_identifiers: 'identifiers that MoEngage refused: each of them is tried once more',
  history: 'runs, calls and counts of before: reports and monitor begin anew',
}

/** What a log would have known. */
const LOST_WITHOUT_LOG: Readonly<Record<string, string>> = {
  cohort_ids:
    'cohort_id: taken as muster would choose it; where the lost store had another one, write adopt: { cohort_id: … } first',
  used_names: 'names used and given up: not known any more, so muster cannot refuse them',
  origins: 'whether muster made it: counted as adopted, so no manual segment in Customer.io is ever deleted',
  qa_runs: 'QA runs: with qa.required, an audience goes live only after another one',
  allowances: 'what --allow let pass since the last apply: the next plan does not show it',
}

/** Names of all that is lost besides who was sent. */
export const listLost = ({ log }: RebuildSources): readonly string[] => Object.keys(lostWith(log))

const lostWith = (log: RebuildSources['log']): Readonly<Record<string, string>> =>
  log ? LOST : { ...LOST, ...LOST_WITHOUT_LOG }

const renderLost = ({ objects }: Rebuilt, { log }: RebuildSources): string[] => {
  const cohorts = objects.filter(({ object }) => object.kind === 'cohort')
  if (cohorts.length === 0) return []
  return [
    [
      'Cannot be recovered',
      ...cohorts.map(
        ({ object }) =>
          `  ${object.address}: who was sent to it. They stay; somebody who left meanwhile is removed only after being sent again and leaving again`,
      ),
      ...Object.values(lostWith(log)).map(line => `  ${line}`),
    ].join('\n'),
    'What to do: where there is a backup, say no and restore it instead (muster state restore): it knows all of this, as of when it was made. Else muster sync --full sends everyone again. Only then does a new name in the file (a rename) begin a cohort that holds nobody else.',
  ]
}
