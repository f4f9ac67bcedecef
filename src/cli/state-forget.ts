import { letGo } from '../engine/apply-record.ts'
import { recordedOf } from '../engine/move-audience.ts'
import { FailureError } from '../model/failure.ts'
import { audienceOfKey } from '../model/plan.ts'
import type { RecordedObject, RecordedState } from '../model/recorded.ts'
import { bindingAddress, cohortAddress } from '../plan/address.ts'
import { refersTo } from '../plan/references.ts'
import { countOf } from '../render/words.ts'
import { suggestWord } from '../spec/nearest-word.ts'
import { askForYes } from './ask.ts'
import { composeStateReader } from './compose-reader.ts'
import type { CliContext, CommonOptions } from './context.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { recordedAudiences } from './make-plan.ts'
import { withStore } from './with-store.ts'
import { loadWorkspace } from './workspace.ts'

export interface StateForgetOptions extends CommonOptions {
  /** An audience, or the address of one object. */
  readonly target: string
  readonly yes: boolean
}

/** `muster state rm`: what `forget` in workspace.yaml does, by hand. At the vendors everything stays as it is. */
export const runStateForget = async (options: StateForgetOptions, context: CliContext): Promise<ExitCode> => {
  const loaded = loadWorkspace(options, context)
  if (!loaded) return EXIT.errors
  const state = await (await composeStateReader(loaded, context)).readState()
  const shown = chooseObjects(state, options.target)
  if (!options.json) context.print(describeLoss(shown, state))
  const question = `Let go of this in "${loaded.environment.name}"?`
  if (!(await askForYes({ ...options, question }, context))) return EXIT.errors
  return withStore({ loaded, command: 'state rm' }, context, async run => {
    const objects = chooseObjects(await run.store.readState(), options.target)
    if (addressesOf(objects).join() !== addressesOf(shown).join())
      refuse(
        'state/changed',
        'Something else was recorded of it meanwhile.',
        'run the same command again, and look at what it says now',
      )
    await run.store.commit(objects.flatMap(object => letGo(run, object)))
    const forgotten = addressesOf(objects)
    context.print(
      options.json
        ? `${JSON.stringify({ forgotten })}\n`
        : `Let go of ${countOf(forgotten.length, 'object')}.\n`,
    )
    return { exitCode: EXIT.done, outcome: 'done' }
  })
}

const addressesOf = (objects: readonly RecordedObject[]) => objects.map(({ address }) => address)

/** The objects that are meant, unless something still stands on one of them. */
const chooseObjects = (state: RecordedState, target: string): readonly RecordedObject[] => {
  const objects = findTarget(state, target)
  for (const audience of new Set(objects.map(object => audienceOfKey(object.audience)))) {
    if (state.objects.get(bindingAddress(audience))?.attributes.protected === true)
      refuse(
        'guard/protected',
        `"${audience}" was protected when it was last applied.`,
        'declare it with "protected: false", apply that, then do this',
      )
  }
  const chosen = new Set(addressesOf(objects))
  const bare = objects.find(
    ({ kind, audience }) =>
      kind === 'binding' &&
      state.objects.has(cohortAddress(audience)) &&
      !chosen.has(cohortAddress(audience)),
  )
  if (bare)
    refuse(
      'state/still-used',
      `${cohortAddress(bare.audience)} is recorded, and only its binding says what it is for and whether it is protected.`,
      `let go of all of it: muster state rm ${bare.audience}`,
    )
  const pointing = [...state.objects.values()].filter(
    ({ address, attributes, carriesFrom }) =>
      !chosen.has(address) &&
      objects.some(object => refersTo(attributes, object.address) || carriesFrom === object.audience),
  )
  if (pointing.length > 0)
    refuse(
      'state/still-used',
      `${addressesOf(pointing).join(', ')} still ${pointing.length === 1 ? 'needs' : 'need'} it.`,
      'take it out of suppressed_by there, or finish the rename, and apply that first',
    )
  return objects
}

const findTarget = (state: RecordedState, target: string): readonly RecordedObject[] => {
  const object = [...state.objects.values()].find(({ address }) => address === target)
  if (object) return [object]
  const objects = recordedOf(state, target)
  if (objects.length > 0) return objects
  const known = [...recordedAudiences(state), ...state.objects.keys()]
  return refuse(
    'state/unknown-audience',
    `Nothing is recorded of "${target}".`,
    suggestWord(target, known, 'muster state list shows what is recorded'),
  )
}

const describeLoss = (objects: readonly RecordedObject[], state: RecordedState): string => {
  const lines = objects.map(({ address, attributes }) =>
    attributes.name === undefined ? `  . ${address}` : `  . ${address}  "${attributes.name}"`,
  )
  const cohorts = objects.filter(({ kind }) => kind === 'cohort')
  const members = cohorts.reduce((sum, { audience }) => sum + (state.members.get(audience) ?? 0), 0)
  const consequence =
    cohorts.length === 0
      ? 'It stays at the vendor as it is.'
      : `At the vendors everything stays as it is. Whom muster sent (${countOf(members, 'recorded member')}) is forgotten: nobody will be removed from the cohort any more.`
  return `Nothing more will be known of:\n${lines.join('\n')}\n\n${consequence}\n`
}

const refuse = (code: string, detail: string, hint: string): never => {
  throw new FailureError({ origin: 'cli', code, detail, hint, retryable: false })
}
