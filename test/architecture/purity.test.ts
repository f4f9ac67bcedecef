import { describe, expect, test } from 'vitest'
import { readSource } from './source.ts'

/** Floors 0 to 2: what they do follows from their arguments alone. */
const PURE_ROOMS = ['model', 'ports', 'spec', 'policy', 'plan', 'membership', 'render', 'engine']

/** Globals of the machine. Their modules are kept out by the table of packages in `floors.test.ts`. */
const IMPURE: Readonly<Record<string, RegExp>> = {
  'the clock': /\bDate\.now\b|\bnew Date\(\s*\)|\bDate\(\s*\)|\bperformance\b/,
  timers: /\bset(?:Timeout|Interval|Immediate)\b|\bqueueMicrotask\b/,
  chance: /\bMath\.random\b|\brandomUUID\b|\brandomBytes\b|\bgetRandomValues\b/,
  'the process': /(?<!-)\bprocess\.[a-z]|\bglobalThis\b|\bimport\.meta\b/,
  'the console': /\bconsole\b/,
  'the network': /\bfetch\s*\(|\bWebSocket\b/,
  'the locale of this machine': /\.localeCompare\(|\.toLocale\w+\(\s*\)/,
}

const pure = readSource().filter(({ room }) => PURE_ROOMS.includes(room))

describe('the pure floors', () => {
  test.each(Object.entries(IMPURE))('never touch %s', (_what, pattern) => {
    const found = pure.flatMap(({ path, code }) =>
      code.split('\n').flatMap(line => (pattern.test(line) ? [`${path}: ${line.trim()}`] : [])),
    )
    expect(found).toEqual([])
  })

  test('take one pure function each of node:crypto and node:util', () => {
    const taken = pure.flatMap(({ code }) =>
      [...code.matchAll(/import \{ ([^}]+) \} from '(node:\w+)'/g)].map(
        ([, names, from]) => `${from}: ${names}`,
      ),
    )
    expect([...new Set(taken)].sort()).toEqual(['node:crypto: createHash', 'node:util: isDeepStrictEqual'])
  })
})
