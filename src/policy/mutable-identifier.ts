import type { IdentifierKey } from '../model/audience.ts'
import { nameKey } from './one-identifier.ts'
import type { Objection, Policy } from './policy.ts'

/** People change their address and their number; whoever does so leaves every cohort and is somebody new. */
export const mutableIdentifierPolicy: Policy = {
  code: 'policy/mutable-identifier',
  summary: 'People are recognised by something that changes',
  recommendation: 'Recognise people by an id that never changes, not by email or phone.',
  severity: 'warning',
  judges: 'specs',
  judge: ({ workspace, audiences }) => {
    const common = nameKey(workspace.identifier.key)
    const ofWorkspace = isMutable(workspace.identifier.key) ? [object(workspace.identifier.key)] : []
    const own = audiences.filter(({ identifier: { key } }) => isMutable(key) && nameKey(key) !== common)
    return [...ofWorkspace, ...own.map(({ id, identifier }) => ({ ...object(identifier.key), audience: id }))]
  },
}

const isMutable = (key: IdentifierKey): boolean =>
  key.kind === 'email' ||
  (key.kind === 'attribute' && (key.format === 'phone' || /e-?mail|phone|mobile|msisdn/i.test(key.attribute)))

const object = (key: IdentifierKey): Objection => ({
  detail: `People are recognised by ${nameKey(key)}. Whoever gets a new one is a stranger to MoEngage: devices, history and opt-outs stay with the former one.`,
  hint: 'use key: id, the number your own systems gave the person, if MoEngage knows people by it too',
  path: ['identifier', 'key'],
})
