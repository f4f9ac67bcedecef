import { describe, expect, test } from 'vitest'
import { readSource, roomOf } from './source.ts'

interface Room {
  readonly floor: 0 | 1 | 2 | 3 | 4
  /** Rooms that it imports from. */
  readonly uses: readonly string[]
  /** Packages that it imports. On the pure floors Node's own modules are listed too, above them they are free. */
  readonly packages: readonly string[]
}

/** The whole house. An import that is not written here fails, and so does a line here that no import needs. */
const ROOMS: Readonly<Record<string, Room>> = {
  model: { floor: 0, uses: [], packages: [] },
  ports: { floor: 0, uses: ['model'], packages: [] },

  spec: { floor: 1, uses: ['model', 'policy'], packages: ['ajv', 'leven', 'node:util', 'yaml'] },
  policy: { floor: 1, uses: ['model'], packages: [] },
  plan: { floor: 1, uses: ['model', 'ports'], packages: ['canonicalize', 'node:crypto'] },
  membership: { floor: 1, uses: ['model', 'ports'], packages: ['libphonenumber-js', 'node:crypto'] },
  monitor: { floor: 1, uses: ['model'], packages: [] },
  render: { floor: 1, uses: ['model', 'plan', 'spec'], packages: ['diff'] },

  engine: { floor: 2, uses: ['membership', 'model', 'monitor', 'plan', 'ports'], packages: [] },

  providers: { floor: 3, uses: ['engine', 'model', 'ports'], packages: ['csv-parse', 'undici'] },
  store: {
    floor: 3,
    uses: ['model', 'ports'],
    packages: ['@duckdb/node-api', 'pg', 'pg-copy-streams'],
  },

  github: { floor: 3, uses: ['model', 'plan', 'ports', 'render', 'spec'], packages: ['octokit'] },
  // Where alerts go that no other room speaks with.
  alert: { floor: 3, uses: ['model', 'ports', 'render'], packages: ['undici'] },

  // What a workflow starts. Commands it runs as everybody does: as a process.
  action: { floor: 4, uses: ['cli', 'github', 'model', 'plan', 'render'], packages: [] },
  // A second reading of the vendors: it shares nothing with the adapters, nor with anything else.
  emulators: { floor: 4, uses: [], packages: ['@hono/node-server', 'hono'] },
  cli: {
    floor: 4,
    uses: [
      'alert',
      'emulators',
      'engine',
      'github',
      'membership',
      'model',
      'monitor',
      'plan',
      'policy',
      'ports',
      'providers',
      'render',
      'spec',
      'store',
    ],
    packages: ['commander', 'diff', 'yaml'],
  },
}

/** Imports that stay on their floor, and what for. All others go down. */
const SIDEWAYS: Readonly<Record<string, string>> = {
  'ports → model': 'the ports speak in the words of the model',
  'spec → policy': 'validation ends with the rules of the house',
  'render → plan': 'the document of a plan has one shape, on screen and in a file',
  'render → spec': 'code frames show invisible characters as diagnostics name them',
  'cli → emulators': 'emulate and demo start them',
  'action → cli': 'the schemas lie beside the package, and one module knows where',
}

/** Where less than a whole room may be used. */
const ONLY: Readonly<Record<string, readonly string[]>> = {
  'action → cli': ['src/cli/specs.ts'],
  'providers → engine': ['src/engine/pace.ts'],
  'cli → emulators': ['src/emulators/listen.ts', 'src/emulators/options.ts', 'src/emulators/server.ts'],
}

const files = readSource()

const edges = files.flatMap(file =>
  file.imports.flatMap(({ path }) =>
    path !== undefined && roomOf(path) !== file.room ? [{ from: file.path, to: path }] : [],
  ),
)
const isListed = (name: string, { floor }: Room): boolean => floor <= 2 || !name.startsWith('node:')
const nameEdge = (from: string, to: string): string => `${roomOf(from)} → ${roomOf(to)}`

describe('the floors of the house', () => {
  test('every file lies in a room of the table', () => {
    expect([...new Set(files.map(({ room }) => room))].sort()).toEqual(Object.keys(ROOMS).sort())
    expect(edges.filter(({ to }) => !files.some(({ path }) => path === to))).toEqual([])
  })

  test.each(Object.entries(ROOMS))(
    '%s uses the rooms and packages of its line, all of them and no other',
    (name, room) => {
      const imports = files.filter(file => file.room === name).flatMap(file => file.imports)
      const uses = imports.flatMap(({ path }) => (path === undefined ? [] : [roomOf(path)]))
      const packages = imports.flatMap(each => each.package ?? []).filter(each => isListed(each, room))
      expect({
        uses: [...new Set(uses)].filter(used => used !== name).sort(),
        packages: [...new Set(packages)].sort(),
      }).toEqual({ uses: room.uses, packages: room.packages })
    },
  )

  test('imports go down; those that stay on a floor are listed, and none goes up', () => {
    const floorOf = (path: string): number => ROOMS[roomOf(path)]?.floor ?? Number.NaN
    const notDown = edges.filter(({ from, to }) => !(floorOf(to) < floorOf(from)))
    expect(notDown.filter(({ from, to }) => floorOf(to) > floorOf(from))).toEqual([])
    expect([...new Set(notDown.map(({ from, to }) => nameEdge(from, to)))].sort()).toEqual(
      Object.keys(SIDEWAYS).sort(),
    )
  })

  test.each(Object.entries(ONLY))('%s reaches no further than agreed', (edge, allowed) => {
    const reached = edges.filter(({ from, to }) => nameEdge(from, to) === edge).map(({ to }) => to)
    expect([...new Set(reached)].sort()).toEqual(allowed)
  })

  test('an import names its module as plain text, so that this test can see it', () => {
    const hidden = files.filter(({ code }) => /\bimport\((?!')|\brequire\(/.test(code))
    expect(hidden.map(({ path }) => path)).toEqual([])
  })
})
