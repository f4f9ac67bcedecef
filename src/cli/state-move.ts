import { moveAudience, recordedOf } from '../engine/move-audience.ts'
import { journal } from '../engine/run.ts'
import { FailureError } from '../model/failure.ts'
import type { RecordedState } from '../model/recorded.ts'
import { bindingAddress } from '../plan/address.ts'
import { countOf } from '../render/words.ts'
import { suggestWord } from '../spec/nearest-word.ts'
import type { CliContext, CommonOptions } from './context.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { recordedAudiences } from './make-plan.ts'
import { withStore } from './with-store.ts'
import { loadWorkspace } from './workspace.ts'

export interface StateMoveOptions extends CommonOptions {
  readonly from: string
  readonly to: string
}

/** `muster state mv`: what `moved_from` does, by hand. The vendors hear nothing of it. */
export const runStateMove = async (options: StateMoveOptions, context: CliContext): Promise<ExitCode> => {
  const { from, to } = options
  const loaded = loadWorkspace(options, context)
  if (!loaded) return EXIT.errors
  return withStore({ loaded, command: 'state mv' }, context, async run => {
    const state = await run.store.readState()
    checkMove(state, from, to)
    const objects = recordedOf(state, from).length
    const members = state.members.get(from) ?? 0
    await run.store.commit([
      ...moveAudience(state, from, to),
      journal(run, { address: bindingAddress(to), operation: 'move record' }, 'accepted', `from ${from}`),
    ])
    context.print(
      options.json
        ? `${JSON.stringify({ from, to, objects, members })}\n`
        : `Moved ${countOf(objects, 'object')} and ${countOf(members, 'recorded member')} from "${from}" to "${to}". No vendor was called.\n`,
    )
    return { exitCode: EXIT.done, outcome: 'done' }
  })
}

/** The same form as the schema asks of an id. */
const ID = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/
const LONGEST_ID = 60

const checkMove = (state: RecordedState, from: string, to: string): void => {
  const known = recordedAudiences(state)
  if (!known.includes(from))
    refuse(
      'state/unknown-audience',
      `Nothing is recorded of an audience "${from}".`,
      suggestWord(from, known, 'muster state list shows what is recorded'),
    )
  if (!ID.test(to) || to.length > LONGEST_ID)
    refuse('state/bad-id', `"${to}" cannot be the id of an audience.`, 'use lower-case words with hyphens')
  if (known.includes(to) || (state.members.get(to) ?? 0) > 0)
    refuse(
      'state/id-in-use',
      `"${to}" has a record of its own, and two cannot become one.`,
      `choose another id, or let go of it first: muster state rm ${to}`,
    )
}

const refuse = (code: string, detail: string, hint: string): never => {
  throw new FailureError({ origin: 'cli', code, detail, hint, retryable: false })
}
