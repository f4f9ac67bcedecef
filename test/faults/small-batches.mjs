/**
 * Loaded into a muster that is tried with few people, with `node --import`: the product has no knob for it. When
 * MUSTER_BATCH_BYTES says so, a batch may have no more bytes than that, so that some hundreds make many batches.
 */
import { readFileSync } from 'node:fs'
import { register } from 'node:module'

const { MUSTER_BATCH_BYTES = '' } = process.env
const ADAPTER = 'dist/providers/moengage/convert.js'
const BUDGET = /const BUDGET_BYTES = [0-9_]+/

/** Runs in the thread of Node's loader, which is given this file's own source. */
export const load = async (url, context, nextLoad) => {
  if (!url.endsWith(ADAPTER)) return nextLoad(url, context)
  const source = readFileSync(new URL(url), 'utf8')
  if (!BUDGET.test(source)) throw new Error(`${ADAPTER} names its budget otherwise by now`)
  const lowered = source.replace(BUDGET, `const BUDGET_BYTES = ${process.env.MUSTER_BATCH_BYTES}`)
  return { format: 'module', source: lowered, shortCircuit: true }
}

const isLoader = new URL(import.meta.url).searchParams.has('loader')
if (MUSTER_BATCH_BYTES !== '' && !isLoader) register(`${import.meta.url}?loader`)
