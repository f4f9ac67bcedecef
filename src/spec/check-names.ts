import { SENDABLE_SUFFIX, sendableName } from '../model/audience.ts'
import type { Diagnostic } from '../model/diagnostic.ts'
import type { WrittenAudience } from '../model/generated/audience.ts'
import { describeMistake } from './codes.ts'
import type { SpecSet, WrittenSpec } from './spec-set.ts'
import { layerSuppressions } from './suppression-layer.ts'
import { quoteText } from './visible-text.ts'

const MAX_NAME_LENGTH = 200

type AudienceSpec = WrittenSpec<WrittenAudience>

/** Names are for ever in MoEngage, so clashes are found before anything is created. */
export const checkNames = ({ workspace, audiences }: SpecSet): readonly Diagnostic[] => {
  const byLowerName = new Map<string, AudienceSpec>()
  const found: Diagnostic[] = []
  for (const audience of audiences) {
    const lowerName = audience.written.name.toLowerCase()
    const first = byLowerName.get(lowerName)
    if (first) found.push(describeClash(audience, first))
    else byLowerName.set(lowerName, audience)
  }
  const layer = workspace?.written.suppressed_by
  const sent = audiences.filter(({ written }) => layerSuppressions(written, layer).length > 0)
  return [...found, ...sent.flatMap(audience => checkSendable(audience, byLowerName))]
}

const describeClash = ({ written, source }: AudienceSpec, first: AudienceSpec): Diagnostic => {
  const isSame = written.name === first.written.name
  return describeMistake(isSame ? 'spec/duplicate-name' : 'spec/name-case', {
    detail: isSame
      ? `${quoteText(written.name)} is already the cohort of ${quoteText(first.written.id)}.`
      : `${quoteText(written.name)} and ${quoteText(first.written.name)} of ${quoteText(first.written.id)} cannot be told apart.`,
    hint: 'choose another name: MoEngage never gives one twice',
    at: source.locate(['name']),
  })
}

const checkSendable = (
  { written, source }: AudienceSpec,
  byLowerName: ReadonlyMap<string, AudienceSpec>,
): readonly Diagnostic[] => {
  const name = sendableName(written.name)
  const taken = byLowerName.get(name.toLowerCase())
  if (taken)
    return [
      describeMistake('spec/sendable-name', {
        detail: `${quoteText(name)} would be the sendable segment of ${quoteText(written.id)}, and it is the cohort of ${quoteText(taken.written.id)}.`,
        hint: `choose a name that does not end in ${SENDABLE_SUFFIX}`,
        at: taken.source.locate(['name']),
      }),
    ]
  if (name.length <= MAX_NAME_LENGTH) return []
  return [
    describeMistake('spec/sendable-name', {
      detail: `With ${SENDABLE_SUFFIX} the name has ${name.length} characters, and MoEngage allows ${MAX_NAME_LENGTH}.`,
      hint: `shorten the name by ${name.length - MAX_NAME_LENGTH}`,
      at: source.locate(['name']),
    }),
  ]
}
