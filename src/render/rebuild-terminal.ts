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

const renderLost = ({ objects }: Rebuilt, { log }: RebuildSources): string[] => {
  const cohorts = objects.filter(({ object }) => object.kind === 'cohort')
  if (cohorts.length === 0) return []
  const guessed = [
    'cohort_id: taken as muster would choose it; where the lost store had another one, write adopt: { cohort_id: … } first',
    'names used and given up: not known any more, so muster cannot refuse them',
    'whether muster made it: counted as adopted, so no manual segment in Customer.io is ever deleted',
  ]
  return [
    [
      'Cannot be recovered',
      ...cohorts.map(
        ({ object }) =>
          `  ${object.address}: who was sent to it. They stay; somebody who left meanwhile is removed only after being sent again and leaving again`,
      ),
      ...(log ? [] : guessed.map(line => `  ${line}`)),
    ].join('\n'),
    'What to do: muster sync --full sends everyone again. Only then does a new name in the file (a rename) begin a cohort that holds nobody else.',
  ]
}
