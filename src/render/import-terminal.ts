import { ACTIONS, type Change } from '../model/plan.ts'
import type { ImportStep } from '../plan/import-candidates.ts'
import type { Takeover } from '../plan/import-takeover.ts'
import { describeChange } from './describe-change.ts'
import { showLine } from './show-value.ts'
import { alignColumns, countOf } from './words.ts'

/** A step, and the file it concerns. */
export type ShownStep = ImportStep & { readonly path: string }

/** What becomes of each cohort that was found, and what a person has to say where it is not clear. */
export const renderImport = (steps: readonly ShownStep[]): string => {
  const clear = steps.filter(step => step.kind !== 'open')
  const open = steps.filter(step => step.kind === 'open')
  const sections = [
    ...(clear.length > 0 ? [alignColumns(clear.map(describeClear)).join('\n')] : []),
    ...open.map(describeOpen),
    ...(clear.length > 0 ? [MEANING] : []),
  ]
  return `${sections.join('\n\n')}\n`
}

const MEANING =
  'Taken over means that muster fills it from now on. Who was sent to it before is not known: they stay in it.'

/** What will be recorded, and what is left to a reviewed plan. */
export const renderTakeover = ({ recorded, left }: Takeover): string =>
  [...renderChanges('To be recorded', recorded), ...renderChanges('Left to apply', left)]
    .map(line => `${line}\n`)
    .join('')

const renderChanges = (title: string, changes: readonly Change[]): string[] =>
  changes.length === 0
    ? []
    : [
        `\n${title}`,
        ...alignColumns(
          changes.map(change => [
            `  ${ACTIONS[change.action]} ${change.address}`,
            describeChange(change, undefined),
          ]),
        ),
      ]

/** The way on, where something is left. */
export const tellRest = ({ left }: Takeover): string =>
  left.length === 0
    ? ''
    : `Look at the rest with muster plan; muster apply records the rest: ${left.map(({ address }) => address).join(', ')}.\n`

const describeClear = (step: ShownStep): readonly string[] => [
  `> ${showLine(step.candidate.name)}`,
  showLine(step.path),
  step.kind === 'new' ? `from ${nameSegment(step.segment)}` : 'declared already: gets adopt: true',
]

type Segment = Extract<ImportStep, { kind: 'new' }>['segment']

/** A segment of Customer.io as people tell it. */
export const nameSegment = ({ segmentId, name }: Segment): string => `${segmentId} "${showLine(name)}"`

const MOST_OPTIONS = 10

const describeOpen = (step: ShownStep): string => {
  if (step.kind !== 'open') return ''
  const { candidate, options, why } = step
  const more = options.length - MOST_OPTIONS
  return [
    `? ${showLine(candidate.name)}: ${WHY[why]}`,
    ...options.slice(0, MOST_OPTIONS).map(option => `    --segment ${nameSegment(option)}`),
    ...(more > 0 ? [`    and ${countOf(more, 'more', 'more')}`] : []),
    `  say which: ${showLine(tellFlags(step))}`,
  ].join('\n')
}

const WHY: Readonly<Record<Extract<ImportStep, { kind: 'open' }>['why'], string>> = {
  'no-segment': 'no segment of Customer.io has a name like it',
  'similar-segment': 'one segment of Customer.io has a similar name, which alone says nothing',
  'several-segments': 'several segments of Customer.io have a name like it',
  'id-taken': 'its id is taken by another audience',
}

/** The command that settles it, once the id is put in. */
const tellFlags = ({ candidate, why }: Extract<ImportStep, { kind: 'open' }>): string =>
  `muster import --cohort ${candidate.name} ${why === 'id-taken' ? '--id' : '--segment'} <id>`

/** The same for programs. Keys may be added, never renamed or removed. */
export const writeImport = (
  steps: readonly ShownStep[],
  { recorded, left }: Takeover,
  isDryRun: boolean,
): string =>
  `${JSON.stringify({
    dry_run: isDryRun,
    imported: steps.flatMap(step =>
      step.kind === 'open'
        ? []
        : [
            {
              id: step.id,
              name: step.candidate.name,
              file: step.path,
              action: step.kind === 'new' ? 'write' : 'adopt',
              segment: step.kind === 'new' ? step.segment.segmentId : null,
            },
          ],
    ),
    open: steps.flatMap(step =>
      step.kind === 'open'
        ? [
            {
              name: step.candidate.name,
              why: step.why,
              options: step.options.map(({ segmentId, name }) => ({ segment: segmentId, name })),
              command: tellFlags(step),
            },
          ]
        : [],
    ),
    recorded: recorded.map(({ address }) => address),
    left: left.map(({ address }) => address),
  })}\n`
