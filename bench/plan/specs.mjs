import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Audiences with a sendable segment: each costs a read of its own. As many as a vendor's burst lets through at once. */
export const MOST_SENDABLES = 50

/** Writes a folder of specs that talk to the emulators. Segment `index` of Customer.io feeds audience `index`. */
export const writeSpecs = (folder, { segments, urls }) => {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'workspace.yaml'), describeWorkspace(urls))
  for (const [index, segment] of segments.entries()) {
    const id = nameAudience(index)
    writeFileSync(join(folder, `${id}.yaml`), describeAudience(id, index, segment))
  }
}

const nameAudience = index => `audience-${String(index).padStart(5, '0')}`

const describeAudience = (id, index, segment) => `id: ${id}
name: ACT__UseCase${index}__2h
description: Added to cart, no order, not in the cart flow; idle for 90 minutes.
intent: activation
use_case: use-case-${index % 40}
owner: { team: lifecycle, contact: lifecycle@example.com, approvers: ["@acme/lifecycle"] }
source: { segment: ${segment.id}, name: "${segment.name}" }
exit: { rule: remove } # whoever orders must drop out before the next push
timing: { window: 2h, buffer: 90m, sync_every: 30m }
channels: { moengage: [push, in_app], customerio: [email, sms] }
${index > 0 && index <= MOST_SENDABLES ? `suppressed_by: [${nameAudience(0)}]\n` : ''}rollout: { stage: live }
`

const describeWorkspace = ({ customerio, moengage }) => `name: bench
partner: muster
environments:
  local:
    customerio: { region: us, app_key_env: CUSTOMERIO_APP_KEY, base_url: "${customerio}" }
    moengage:
      data_center: "01"
      workspace_id: ACME01_DEBUG
      data_key_env: MOENGAGE_DATA_KEY
      base_url: "${moengage}"
budget: { synced: 10000, warn_above: 10000 }
rate: { moengage_per_minute: 300, customerio_per_second: 10 }
policy: { all: off }
teams:
  lifecycle: { contact: lifecycle@example.com, approvers: ["@acme/lifecycle"] }
`
