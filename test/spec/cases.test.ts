import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { runValidate } from '../../src/cli/validate.ts'
import { RULES } from '../../src/policy/policies.ts'
import { PLAIN } from '../../src/render/paint.ts'
import { SPEC_SUMMARIES } from '../../src/spec/codes.ts'

/**
 * Each folder of `test/cases` is one story: what somebody wrote, and the whole answer. `UPDATE_CASES=1` writes the
 * answers anew; read the difference before it is committed.
 */
const ROOT = fileURLToPath(new URL('../cases/', import.meta.url))
/** The day on which all of them are told. */
const NOW = '2026-11-25T10:00:00.000Z'
const MUST_UPDATE = process.env.UPDATE_CASES === '1'

/** A folder that holds a world is a story of planning, and told elsewhere. */
const isValidationCase = (name: string): boolean => !existsSync(`${ROOT}${name}/world.yaml`)

const names = readdirSync(ROOT).filter(isValidationCase).sort()
const home = process.cwd()

/** In the case's own folder, so that paths read as they do for a user. */
const runIn = (name: string, json: boolean): { output: string; exitCode: number } => {
  process.chdir(`${ROOT}${name}`)
  try {
    return runValidate({ directory: 'audiences', json, now: NOW, paint: PLAIN, width: 100 })
  } finally {
    process.chdir(home)
  }
}

const readExpected = (path: string, actual: string): string => {
  if (MUST_UPDATE) writeFileSync(path, actual)
  return readFileSync(path, 'utf8')
}

afterAll(() => process.chdir(home))

describe('muster validate', () => {
  test.each(names)('%s', name => {
    const { output, exitCode } = runIn(name, false)
    const transcript = `$ muster validate\n${output}exit code ${exitCode}\n`
    expect(transcript).toBe(readExpected(`${ROOT}${name}/expected.txt`, transcript))

    const json = runIn(name, true)
    expect(json.exitCode).toBe(exitCode)
    expect(json.output).toBe(readExpected(`${ROOT}${name}/expected.json`, json.output))
  })

  test('every code that validation can give has a case, or a reason why a folder cannot show it', () => {
    const shown = new Set(names.flatMap(name => readCodes(`${ROOT}${name}/expected.json`)))
    const all = [...Object.keys(SPEC_SUMMARIES), ...RULES.map(({ code }) => code)]
    expect(all.filter(code => !shown.has(code)).sort()).toEqual([
      'policy/overlap', // rules that only a store can answer: test/policy and test/plan tell them
      'policy/qa-first',
      'policy/size',
      'policy/skipped-step',
      'spec/no-directory', // git keeps no empty folders
      'spec/schema', // for keywords that our schemas do not use yet
      'spec/symlink', // not every checkout has symbolic links
      'spec/too-large', // 256 KiB of nothing
      'spec/unknown-environment', // validation does not choose one
      'spec/unreadable', // permissions are not kept by git
    ])
  })
})

const readCodes = (path: string): readonly string[] => {
  if (!existsSync(path)) return []
  const { diagnostics } = JSON.parse(readFileSync(path, 'utf8')) as { diagnostics: { code: string }[] }
  return diagnostics.map(({ code }) => code)
}
