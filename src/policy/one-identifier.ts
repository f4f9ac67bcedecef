import type { Audience, IdentifierKey } from '../model/audience.ts'
import type { Policy } from './policy.ts'

/** Two identifiers are two people to MoEngage: the same customer is then messaged twice and suppressed once. */
export const oneIdentifierPolicy: Policy = {
  code: 'policy/one-identifier',
  summary: 'Audiences recognise people by different identifiers',
  recommendation: 'Recognise people by one identifier in the whole workspace, or give the reason why not.',
  severity: 'warning',
  judges: 'specs',
  judge: ({ workspace, audiences }) => {
    const common = nameKey(workspace.identifier.key)
    return audiences
      .filter(audience => differs(audience, common))
      .map(({ id, identifier: { key } }) => ({
        detail: `It goes by ${nameKey(key)}, and the workspace by ${common}. To MoEngage one customer under both is two people.`,
        hint: 'remove identifier.key, or add identifier.because with the reason',
        audience: id,
        path: ['identifier', 'key'],
      }))
  },
}

const differs = ({ identifier: { key, because } }: Audience, common: string): boolean =>
  because === undefined && nameKey(key) !== common

/** An identifier as people write it. */
export const nameKey = (key: IdentifierKey): string =>
  key.kind === 'attribute' ? `the attribute "${key.attribute}"` : key.kind
