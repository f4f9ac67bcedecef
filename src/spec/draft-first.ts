/** What a person says of a programme that begins. */
export interface FirstAnswers {
  readonly name: string
  readonly region: string
  readonly dataCenter: string
  readonly moengageWorkspace: string
  readonly identifier: string
  readonly team: string
  readonly contact: string
  readonly approver: string
  readonly testers: readonly string[]
  readonly id: string
  readonly segment: string
  readonly segmentName: string
  readonly window: string
  readonly usedBy: string
}

/** The first `workspace.yaml`. `schema`: the way to the schema's folder; absent where an editor could not follow it. */
export const draftWorkspace = (answers: FirstAnswers, schema?: string): string =>
  `${[
    ...describeSchema('workspace', schema),
    `name: ${answers.name}`,
    'partner: muster # MoEngage sees this name in every call; never change it',
    'environments:',
    '  live:',
    `    customerio: { region: ${answers.region}, app_key_env: CUSTOMERIO_APP_KEY } # the variable's name, never the key`,
    `    moengage: { data_center: ${quote(answers.dataCenter)}, workspace_id: ${answers.moengageWorkspace}, data_key_env: MOENGAGE_DATA_KEY }`,
    'store: "duckdb:.muster/{env}.duckdb"',
    `identifier: { key: ${answers.identifier}, min_coverage: 95% } # must be what the app gives MoEngage as the user's id`,
    `qa: { testers: [${answers.testers.map(quote).join(', ')}], required: true } # colleagues, never customers`,
    `teams: { ${answers.team}: { contact: ${quote(answers.contact)}, approvers: [${quote(answers.approver)}] } }`,
  ].join('\n')}\n`

/** The first audience: people to be addressed, in the stage `qa`, so that nobody but testers is sent. */
export const draftFirstAudience = (answers: FirstAnswers, schema?: string): string =>
  `${[
    ...describeSchema('audience', schema),
    `id: ${answers.id}`,
    `name: ORC__${toPascalCase(answers.id)}__${answers.window}`,
    '# Next: say who they are and why, in words a colleague understands.',
    `description: ${quote(`The people of "${answers.segmentName}" in Customer.io. Campaigns address them once testers were seen to arrive.`)}`,
    'intent: orchestration # activation, once it names whom it leaves out (suppressed_by)',
    `use_case: ${answers.id}`,
    `owner: { team: ${answers.team}, contact: ${quote(answers.contact)}, approvers: [${quote(answers.approver)}] }`,
    `change_process: One approval from ${answers.team}; QA stage first.`,
    `source: { segment: ${answers.segment}, name: ${quote(answers.segmentName)} }`,
    'exit: { rule: remove } # whoever leaves the segment leaves the cohort',
    `timing: { window: ${answers.window}, sync_every: 1h }`,
    `used_by: [${quote(answers.usedBy)}]`,
    'rollout: { stage: qa } # testers alone; then canary, then live',
  ].join('\n')}\n`

const describeSchema = (which: 'workspace' | 'audience', schema: string | undefined): readonly string[] =>
  schema === undefined ? [] : [`# yaml-language-server: $schema=${schema}/${which}.schema.json`]

/** `vip-customers` → `VipCustomers` */
const toPascalCase = (id: string): string =>
  id
    .split('-')
    .map(word => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`)
    .join('')

/** JSON's double quotes are YAML's. */
const quote = (text: string): string => JSON.stringify(text)
