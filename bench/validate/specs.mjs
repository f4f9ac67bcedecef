import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const TEAMS = ['lifecycle', 'loyalty', 'growth', 'crm-platform']

/** Writes a folder of valid specs, as long and as commented as real ones, and a workspace. */
export const writeSpecs = (folder, count) => {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'workspace.yaml'), WORKSPACE)
  for (let index = 0; index < count; index += 1) {
    const id = `audience-${String(index).padStart(5, '0')}`
    writeFileSync(join(folder, `${id}.yaml`), describeAudience(id, index))
  }
}

const describeAudience = (id, index) => {
  const team = TEAMS[index % TEAMS.length]
  const suppressions = index < 3 ? '' : 'suppressed_by: [audience-00000, audience-00001, audience-00002]\n'
  return `# yaml-language-server: $schema=../schema/audience.schema.json
id: ${id}
name: ACT__UseCase${index}__2h
description: Added to cart, no order, not in the cart flow; idle for 90 minutes.
intent: activation
use_case: use-case-${index % 40}
owner: { team: ${team}, contact: ${team}@example.com, approvers: ["@acme/${team}"] }
change_process: Two approvals from ${team}; QA stage first.
source: { segment: ${index + 1}, name: "Segment ${index + 1}" }
identifier: { key: id, min_coverage: 95% }
exit: { rule: remove } # whoever orders must drop out before the next push
timing: { window: 2h, buffer: 90m, sync_every: 30m }
channels: { moengage: [push, in_app], customerio: [email, sms] }
${suppressions}frequency_cap: { max: 2, per: 1d }
rollout: { stage: live }
# Most carts are settled within hours.
guards: { max_removal: 30%, max_growth: 100%, max_members: 500000 }
protected: true
`
}

const WORKSPACE = `name: bench
partner: muster
environments:
  live:
    customerio: { region: us, app_key_env: CUSTOMERIO_APP_KEY }
    moengage: { data_center: "01", workspace_id: ACME01, data_key_env: MOENGAGE_DATA_KEY }
budget: { synced: 1000, warn_above: 1000 }
policy: { all: off }
teams:
${TEAMS.map(team => `  ${team}: { contact: ${team}@example.com, approvers: ["@acme/${team}"] }`).join('\n')}
`
