/**
 * Bundles the action into .github/actions/muster, so that it runs without installing anything: `npm run bundle`.
 * With `--check` nothing is written; a stale file is named and the exit code is 1.
 */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'

const ROOT = fileURLToPath(new URL('../', import.meta.url))
const ACTION = join(ROOT, '.github/actions/muster')
const ENGINE = '@duckdb/node-api'

const { values: options } = parseArgs({ options: { check: { type: 'boolean', default: false } } })

const readJson = async path => JSON.parse(await readFile(join(ROOT, path), 'utf8'))
const writeJson = value => `${JSON.stringify(value, null, 2)}\n`

/** Two programs, laid out as in the package, so that what they read beside themselves is where they look for it. */
const bundle = async () => {
  const { outputFiles, metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: { 'action/main': 'src/action/main.ts', 'cli/main': 'src/cli/main.ts' },
    outdir: join(ACTION, 'dist'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    write: false,
    metafile: true,
    legalComments: 'none',
    // Half of the size, and names stay: a stack trace is still of use.
    minifyWhitespace: true,
    minifySyntax: true,
    alias: { [ENGINE]: './script/engine.mjs' },
    // What packages written for CommonJS ask for.
    banner: {
      js: "import { createRequire as createRequireOfBundle } from 'node:module';const require = createRequireOfBundle(import.meta.url);",
    },
    logLevel: 'error',
  })
  return { outputFiles, metafile }
}

const listPackages = ({ inputs }) => {
  const folders = Object.keys(inputs).flatMap(
    path => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? [],
  )
  return [...new Set(folders)].sort()
}

/** Their licences ask to go wherever they go. */
const collectLicences = async metafile => {
  const texts = []
  for (const folder of listPackages(metafile)) {
    const { name, version, license } = await readJson(`${folder}/package.json`)
    const file = (await readdir(join(ROOT, folder))).find(each => /^licen[cs]e(?:\.|-mit|$)/i.test(each))
    const text = file ? await readFile(join(ROOT, folder, file), 'utf8') : `${license}\n`
    texts.push(`${name} ${version}\n\n${text.replaceAll('\r\n', '\n').trim()}\n`)
  }
  return texts.join(`\n${'-'.repeat(80)}\n\n`)
}

/** A locked package and all that it needs, by path. */
const closeOver = (path, locked, found = new Map()) => {
  if (found.has(path)) return found
  const { dependencies, optionalDependencies } = locked[path]
  found.set(path, locked[path])
  for (const name of Object.keys({ ...dependencies, ...optionalDependencies }))
    closeOver(`node_modules/${name}`, locked, found)
  return found
}

/** The engine's own part of the lock file: what `npm ci` beside the action installs, and nothing else. */
const describeEngine = async () => {
  const { version } = await readJson('package.json')
  const lock = await readJson('package-lock.json')
  const packages = Object.fromEntries(closeOver(`node_modules/${ENGINE}`, lock.packages))
  const dependencies = { [ENGINE]: lock.packages[`node_modules/${ENGINE}`].version }
  const root = { name: 'muster-action', version, license: 'Apache-2.0', dependencies }
  return {
    manifest: { ...root, private: true, type: 'module' },
    lock: {
      name: root.name,
      version,
      lockfileVersion: lock.lockfileVersion,
      requires: true,
      packages: { '': root, ...packages },
    },
  }
}

const produce = async () => {
  const { outputFiles, metafile } = await bundle()
  const engine = await describeEngine()
  const files = new Map(outputFiles.map(({ path, text }) => [path, text]))
  files.set(join(ACTION, 'dist/LICENSES.txt'), await collectLicences(metafile))
  files.set(join(ACTION, 'package.json'), writeJson(engine.manifest))
  files.set(join(ACTION, 'package-lock.json'), writeJson(engine.lock))
  for (const name of await readdir(join(ROOT, 'schema')))
    files.set(join(ACTION, 'schema', name), await readFile(join(ROOT, 'schema', name), 'utf8'))
  return files
}

const readIfPresent = async path => {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error.code === 'ENOENT') return undefined
    throw error
  }
}

/** Files that an earlier bundle left behind. */
const listForeign = async files => {
  const found = []
  for (const folder of ['dist', 'schema']) {
    const entries = await readdir(join(ACTION, folder), { recursive: true, withFileTypes: true }).catch(
      () => [],
    )
    found.push(...entries.filter(each => each.isFile()).map(each => join(each.parentPath, each.name)))
  }
  return found.filter(path => !files.has(path))
}

const files = await produce()
const stale = []
for (const [path, text] of files) {
  if ((await readIfPresent(path)) === text) continue
  stale.push(path)
  if (options.check) continue
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
}
for (const path of await listForeign(files)) {
  stale.push(path)
  if (!options.check) await rm(path)
}

for (const path of stale) {
  const shown = relative(ROOT, path)
  process.stdout.write(
    options.check
      ? `${shown} is stale: it is not what the sources make; run npm run bundle\n`
      : `wrote ${shown}\n`,
  )
}
if (options.check && stale.length > 0) process.exitCode = 1
