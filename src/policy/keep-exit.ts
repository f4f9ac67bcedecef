import type { Policy } from './policy.ts'

/** A badge may be kept for ever; a message that answers to a moment may not. */
export const keepExitPolicy: Policy = {
  code: 'policy/keep-exit',
  summary: 'Nobody ever leaves an audience that is messaged',
  recommendation: 'Whoever is messaged leaves the audience some day; only badges are kept for ever.',
  severity: 'error',
  judges: 'specs',
  judge: ({ audiences }) =>
    audiences
      .filter(({ intent, exit }) => intent === 'activation' && exit.kind === 'keep')
      .map(({ id }) => ({
        detail:
          'Everybody who was in it once stays and can be messaged for ever, whatever they have done since: bought, complained, left.',
        hint: 'write exit: { rule: remove }, or { rule: sticky, for: 7d, from: exit }',
        audience: id,
        path: ['exit', 'rule'],
      })),
}
