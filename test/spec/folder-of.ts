import type { SpecFile } from '../../src/spec/parse.ts'
import { type ValidatedSpecs, validateSpecs } from '../../src/spec/validate.ts'
import { VALIDATORS } from './schemas.ts'

/** The smallest valid workspace. What the playbook thinks of it is another story. */
export const WORKSPACE = `name: acme
partner: muster
environments:
  live:
    customerio: { region: us, app_key_env: CUSTOMERIO_APP_KEY }
    moengage: { data_center: "01", workspace_id: ACME01, data_key_env: MOENGAGE_DATA_KEY }
policy: { all: off }
`

/** The smallest valid audience. */
export const AUDIENCE = `id: cart-abandon
name: ACT__CartAbandon__2h
description: Added to cart, no order; idle for 90 minutes.
intent: activation
use_case: cart-recovery
owner: { team: lifecycle, contact: lifecycle@example.com, approvers: ["@acme/lifecycle"] }
source: { segment: 14, name: "Cart abandoners 2h" }
exit: { rule: remove }
timing: { window: 2h, sync_every: 30m }
rollout: { stage: live }
`

/** A file as the edge gives it. */
export const fileOf = (name: string, text: string | Uint8Array): SpecFile => ({
  path: `audiences/${name}`,
  bytes: typeof text === 'string' ? new TextEncoder().encode(text) : text,
})

/** Validates files by name and text, the real way but without a disk. */
export const validateFiles = (files: Readonly<Record<string, string | Uint8Array>>): ValidatedSpecs =>
  validateSpecs(
    { directory: 'audiences', files: Object.entries(files).map(([name, text]) => fileOf(name, text)) },
    VALIDATORS,
  )

/** Validates one audience in the smallest workspace. */
export const validateAudience = (text: string | Uint8Array): ValidatedSpecs =>
  validateFiles({ 'workspace.yaml': WORKSPACE, 'cart-abandon.yaml': text })

/** `code line:column` of each diagnostic. */
export const listFindings = ({ diagnostics }: ValidatedSpecs): readonly string[] =>
  diagnostics.map(({ code, at }) => `${code} ${at ? `${at.line}:${at.column}` : '-'}`)
