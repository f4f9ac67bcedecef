import { FailureError } from '../model/failure.ts'
import type { RecordedObject, RecordedState } from '../model/recorded.ts'
import { renderStateListJson, renderStateShowJson } from '../render/state-json.ts'
import { renderStateList, renderStateShow } from '../render/state-terminal.ts'
import { suggestWord } from '../spec/nearest-word.ts'
import { composeStateReader } from './compose-reader.ts'
import type { CliContext, CommonOptions } from './context.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { loadWorkspace } from './workspace.ts'

/** `muster state list`: every recorded object. Answers while another process holds the store. */
export const runStateList = async (options: CommonOptions, context: CliContext): Promise<ExitCode> => {
  const state = await readState(options, context)
  if (!state) return EXIT.errors
  context.print(options.json ? renderStateListJson(state) : renderStateList(state, context.clock.now()))
  return EXIT.done
}

export interface StateShowOptions extends CommonOptions {
  readonly address: string
}

/** `muster state show`: all that is recorded of one object. */
export const runStateShow = async (options: StateShowOptions, context: CliContext): Promise<ExitCode> => {
  const state = await readState(options, context)
  if (!state) return EXIT.errors
  const object = findObject(state, options.address)
  context.print(options.json ? renderStateShowJson(object) : renderStateShow(object, context.clock.now()))
  return EXIT.done
}

const readState = async (options: CommonOptions, context: CliContext): Promise<RecordedState | undefined> => {
  const loaded = loadWorkspace(options, context)
  return loaded && (await composeStateReader(loaded, context)).readState()
}

const findObject = ({ objects }: RecordedState, address: string): RecordedObject => {
  const object = [...objects.values()].find(each => each.address === address)
  if (object) return object
  throw new FailureError({
    origin: 'cli',
    code: 'state/unknown-address',
    detail: `Nothing is recorded under "${address}".`,
    hint: suggestWord(address, [...objects.keys()], 'muster state list shows every address'),
    retryable: false,
  })
}
