import type { Policy } from './policy.ts'

/** Held any longer than the segment says, a customer stays silenced, and nobody sees what is not sent. */
export const suppressionExitPolicy: Policy = {
  code: 'policy/suppression-exit',
  summary: 'Suppression silences people for too long',
  recommendation: 'Whoever leaves the segment of a suppression leaves the suppression.',
  severity: 'error',
  judges: 'specs',
  judge: ({ audiences }) =>
    audiences
      .filter(({ intent, exit }) => intent === 'suppression' && exit.kind !== 'remove')
      .map(({ id, exit }) => ({
        detail: `The rule is "${exit.kind}": people stay silenced although the segment has let them go, and nobody sees a message that is not sent.`,
        hint: 'write exit: { rule: remove }; for a longer silence, widen the segment in Customer.io',
        audience: id,
        path: ['exit', 'rule'],
      })),
}
