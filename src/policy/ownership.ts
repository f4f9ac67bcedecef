import type { Audience } from '../model/audience.ts'
import type { Workspace } from '../model/workspace.ts'
import type { Objection, Policy } from './policy.ts'
import { nameAll } from './sentence.ts'

/** An audience whose team nobody knows, or whose team may not decide over it, is one that nobody dares to delete. */
export const ownershipPolicy: Policy = {
  code: 'policy/ownership',
  summary: 'Nobody can tell who decides over it',
  recommendation:
    'Every audience belongs to a team that the workspace knows, and that team approves its changes.',
  severity: 'warning',
  judges: 'specs',
  judge: ({ workspace, audiences }) => {
    if (audiences.length === 0) return []
    if (workspace.teams.size === 0) return [describeNoTeams(audiences)]
    return audiences.flatMap(audience => judgeApprovers(audience, workspace))
  },
}

const describeNoTeams = (audiences: readonly Audience[]): Objection => {
  const teams = [...new Set(audiences.map(({ owner }) => owner.team))].sort()
  const [{ owner } = { owner: undefined }] = audiences
  return {
    detail: `The workspace lists no teams, so nobody notices a misspelt one. The audiences name ${nameAll(teams)}.`,
    hint: `add teams: { ${owner?.team}: { contact: ${owner?.contact}, approvers: ["${owner?.approvers[0]}"] } } to the workspace`,
    path: ['teams'],
  }
}

/** A team that is not known at all is a mistake of the spec, and told there. */
const judgeApprovers = ({ id, owner }: Audience, { teams }: Workspace): readonly Objection[] => {
  const team = teams.get(owner.team)
  if (!team || team.approvers.some(approver => owner.approvers.includes(approver))) return []
  return [
    {
      detail: `The audience belongs to "${owner.team}", and nobody who approves for that team is among its approvers.`,
      hint: `add "${team.approvers[0]}" to owner.approvers`,
      audience: id,
      path: ['owner', 'approvers'],
    },
  ]
}
