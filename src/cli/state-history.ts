import { renderHistory, renderHistoryJson } from '../render/history.ts'
import { composeHistoryReader, composeStateReader } from './compose-reader.ts'
import type { CliContext, CommonOptions } from './context.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { chooseOnly, knownAudiences } from './make-plan.ts'
import { readNumber } from './read-number.ts'
import { loadWorkspace } from './workspace.ts'

const USUAL_LIMIT = '30'
const MOST = 100_000

export interface StateHistoryOptions extends CommonOptions {
  readonly id: string
  /** As typed: how many syncs, the newest ones. */
  readonly limit?: string
}

/** `muster state history`: what the last syncs of an audience counted. Asks no vendor, needs no key. */
export const runStateHistory = async (
  { id, limit, ...options }: StateHistoryOptions,
  context: CliContext,
): Promise<ExitCode> => {
  const loaded = loadWorkspace(options, context)
  if (!loaded) return EXIT.errors
  const most = readNumber(limit ?? USUAL_LIMIT, '--limit', 1, MOST)
  const counts = await (await composeHistoryReader(loaded, context)).readCounts(id, most)
  // Whoever was let go has a history still.
  if (counts.length === 0) {
    const recorded = await (await composeStateReader(loaded, context)).readState()
    chooseOnly([id], knownAudiences(loaded, recorded))
  }
  context.print(options.json ? renderHistoryJson(id, counts) : renderHistory(id, counts, context.paint))
  return EXIT.done
}
