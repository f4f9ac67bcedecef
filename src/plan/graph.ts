import type { Audience, AudienceId } from '../model/audience.ts'
import { compareText } from '../model/diagnostic.ts'
import type { Address, Attributes, ObjectKind } from '../model/plan.ts'
import type { Workspace } from '../model/workspace.ts'
import { addressOf } from './address.ts'
import { describeBinding, describeSendable, describeSource } from './describe.ts'

/** An object as the specs want it. What is chosen once and remembered, a cohort's id, is not among its attributes. */
export interface DesiredObject {
  readonly address: Address
  readonly kind: ObjectKind
  readonly audience: AudienceId
  readonly attributes: Attributes
}

/** All objects the specs ask for, in address order whatever the order of files. A suspended audience asks for none. */
export const buildDesired = (
  workspace: Workspace,
  audiences: readonly Audience[],
): readonly DesiredObject[] =>
  build(
    workspace,
    audiences.filter(({ isSuspended }) => !isSuspended),
  )

/** What suspended audiences would ask for: told, and not made. */
export const buildSuspended = (
  workspace: Workspace,
  audiences: readonly Audience[],
): readonly DesiredObject[] =>
  build(
    workspace,
    audiences.filter(({ isSuspended }) => isSuspended),
  )

const build = (workspace: Workspace, audiences: readonly Audience[]): readonly DesiredObject[] =>
  audiences
    .flatMap(audience => desiredOf(workspace, audience))
    .sort((a, b) => compareText(a.address, b.address))

const desiredOf = (workspace: Workspace, audience: Audience): readonly DesiredObject[] => {
  const want = (kind: ObjectKind, attributes: Attributes): DesiredObject => ({
    address: addressOf(kind, audience.id),
    kind,
    audience: audience.id,
    attributes,
  })
  const { source } = audience
  return [
    ...(source.kind === 'manual' ? [want('source', describeSource(source.name, workspace))] : []),
    want('cohort', { name: audience.name }),
    want('binding', describeBinding(workspace, audience)),
    ...(audience.suppressedBy.length > 0 ? [want('sendable', describeSendable(audience))] : []),
  ]
}
