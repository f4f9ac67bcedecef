import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { chooseUnsupported, describeTarget } from '../../src/cli/make-plan.ts'
import { loadSpecs, loadValidators } from '../../src/cli/specs.ts'
import type { WrittenPlan } from '../../src/model/generated/plan.ts'
import type { Plan } from '../../src/model/plan.ts'
import { planChanges } from '../../src/plan/plan-changes.ts'
import { PLAIN } from '../../src/render/paint.ts'
import { renderPlanJson } from '../../src/render/plan-json.ts'
import { renderPlanMarkdown } from '../../src/render/plan-markdown.ts'
import { renderPlan } from '../../src/render/plan-terminal.ts'
import { chooseEnvironment } from '../../src/spec/environment.ts'
import { planSchema } from '../support/plan-document.ts'
import { loadWorld } from '../support/plan-world.ts'

/**
 * Each folder of `test/cases` with a `world.yaml` is one story: what is declared, what was applied and what the vendors
 * show, and the whole plan as a document, on a terminal and in a comment. `UPDATE_CASES=1` writes the answers anew;
 * read the difference before it is committed.
 */
const ROOT = fileURLToPath(new URL('../cases/', import.meta.url))
const MUST_UPDATE = process.env.UPDATE_CASES === '1'

const names = readdirSync(ROOT)
  .filter(name => existsSync(`${ROOT}${name}/world.yaml`))
  .sort()
const validators = loadValidators()
const home = process.cwd()

interface Answers {
  readonly json: string
  readonly terminal: string
  readonly comment: string
}

/** In the case's own folder, so that paths read as they do for a user. */
const planIn = (name: string): Answers => {
  process.chdir(`${ROOT}${name}`)
  try {
    const specs = loadSpecs('audiences', validators)
    const { workspace } = specs
    const environment = workspace && chooseEnvironment(workspace, 'live')
    expect(specs.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
    if (!workspace || !environment || 'code' in environment)
      throw new Error('the specs name no environment "live"')
    const world = loadWorld(specs.audiences, validators)
    const plan = planChanges({
      workspace,
      audiences: specs.audiences,
      specs: specs.document,
      target: describeTarget({
        workspace,
        environment,
        specs,
        store: { kind: 'duckdb', name: '', path: '' },
      }),
      refusals: chooseUnsupported(specs.unsupported, world.only),
      musterVersion: '0.1.0',
      ...world,
    })
    return {
      json: renderPlanJson(plan),
      terminal: `$ muster plan${writeOptions(plan, world.offline === 'base')}\n${renderPlan(plan, { sources: specs.sources, paint: PLAIN, width: 100 })}`,
      comment: renderPlanMarkdown(plan),
    }
  } finally {
    process.chdir(home)
  }
}

const writeOptions = ({ only, isOffline }: Plan, hasBase: boolean): string =>
  [
    ...(only.length > 0 ? [` --only ${only.join(' ')}`] : []),
    ...(isOffline ? [' --offline'] : []),
    ...(hasBase ? [' --base before'] : []),
  ].join('')

const readExpected = (path: string, actual: string): string => {
  if (MUST_UPDATE) writeFileSync(path, actual)
  return readFileSync(path, 'utf8')
}

afterAll(() => process.chdir(home))

describe('muster plan', () => {
  test.each(names)('%s', name => {
    const { json, terminal, comment } = planIn(name)
    expect(planSchema.check(JSON.parse(json))).toEqual([])
    expect(json).toBe(readExpected(`${ROOT}${name}/plan.json`, json))
    expect(terminal).toBe(readExpected(`${ROOT}${name}/plan.txt`, terminal))
    expect(comment).toBe(readExpected(`${ROOT}${name}/plan.md`, comment))
  })

  test('every code that planning can give has a case, or a reason why a folder cannot show it', () => {
    const shown = new Set(names.flatMap(name => readPlan(name)).flatMap(plan => codesIn(plan)))
    expect(findCodes().filter(code => !shown.has(code))).toEqual([
      'guard/too-complex', // validation refuses as many suppressions before
      'refresh/short-list', // the code of a reading: case 198 tells it within refresh/unread
    ])
  })

  test('every action, belief, origin and grade has a case', () => {
    const plans = names.flatMap(name => readPlan(name))
    const changes = plans.flatMap(plan => plan.changes)
    const steps = changes.flatMap(({ attributes }) => attributes)
    const collect = (values: readonly string[]): readonly string[] => [...new Set(values)].sort()
    expect(collect(changes.map(({ action }) => action))).toEqual([
      'adopt',
      'create',
      'forget',
      'none',
      'rename',
      'retire',
      'update',
    ])
    expect(collect(steps.map(({ belief }) => belief))).toEqual(['read', 'recorded', 'unknown'])
    expect(collect(steps.map(({ origin }) => origin))).toEqual(['both', 'drift', 'file'])
    expect(collect(plans.flatMap(({ drift }) => drift.map(({ grade }) => grade)))).toEqual([
      'checked',
      'estimated',
    ])
    expect(collect(plans.flatMap(({ effects }) => effects.map(({ effect }) => effect)))).toEqual([
      'carry-over',
      'first-load',
      'follow-source',
      'left-as-is',
      'remove-all',
    ])
  })
})

const readPlan = (name: string): readonly WrittenPlan[] =>
  existsSync(`${ROOT}${name}/plan.json`)
    ? [JSON.parse(readFileSync(`${ROOT}${name}/plan.json`, 'utf8')) as WrittenPlan]
    : []

const codesIn = ({ refusals, warnings }: WrittenPlan): readonly string[] =>
  [...refusals, ...warnings].map(({ code }) => code)

/** As they stand in the sources: a code that nobody shows must not go unseen. */
const findCodes = (): readonly string[] => {
  const root = fileURLToPath(new URL('../../src/plan/', import.meta.url))
  const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter(path => path.endsWith('.ts'))
    .map(path => readFileSync(`${root}${path}`, 'utf8'))
  const codes = sources.flatMap(text => [
    ...[...text.matchAll(/'((?:guard|source|refresh|adopt|limit|allow|sync)\/[a-z-]+)'/g)].map(
      ([, code]) => code ?? '',
    ),
    ...[...text.matchAll(/refuseUnlessAllowed\(\s*'([a-z-]+)'/g)].map(([, guard]) => `guard/${guard}`),
  ])
  return [...new Set(codes)].sort()
}
