/**
 * Loaded into a muster that is to be killed, with `node --import`: the product has no hook for it. Counts the
 * transactions that write, as the engine of the store is told of them, and ends the process where MUSTER_KILL_AT says,
 * for example `3:before`. What each transaction wrote goes to the file that MUSTER_COMMITS names, a line each.
 */
import { appendFileSync } from 'node:fs'
import { DuckDBConnection } from '@duckdb/node-api'
import pg from 'pg'

const { MUSTER_KILL_AT = '', MUSTER_COMMITS } = process.env
const [killAt, killWhen] = MUSTER_KILL_AT.split(':')

let commits = 0
let written = []

const dieIfDue = when => {
  if (when === killWhen && commits === Number(killAt)) process.kill(process.pid, 'SIGKILL')
}

/** The journal says best what a transaction was for; else the table does. */
const nameWrite = (sql, values) => {
  const [, table] = /^\s*(?:INSERT(?: OR REPLACE)? INTO|UPDATE|DELETE FROM)\s+(\w+)/i.exec(sql) ?? []
  if (table === undefined) return undefined
  return table === 'journal' && Array.isArray(values) ? `${values[3]}: ${values[4]}` : table
}

const watch = ({ prototype }, name) => {
  const original = prototype[name]
  const watched = async function (sql, values, ...rest) {
    if (sql.startsWith('BEGIN')) written = []
    if (sql !== 'COMMIT' || written.length === 0) {
      const write = nameWrite(sql, values)
      if (write !== undefined) written.push(write)
      return original.call(this, sql, values, ...rest)
    }
    commits += 1
    const label = written.find(each => each.includes(':')) ?? [...new Set(written)].join(', ')
    if (MUSTER_COMMITS) appendFileSync(MUSTER_COMMITS, `${label}\n`)
    dieIfDue('before')
    const result = await original.call(this, sql, values, ...rest)
    dieIfDue('after')
    return result
  }
  // A client of PostgreSQL is given streams, too, and gives them back at once.
  prototype[name] = function (sql, ...rest) {
    return (typeof sql === 'string' ? watched : original).call(this, sql, ...rest)
  }
}

watch(DuckDBConnection, 'run')
watch(DuckDBConnection, 'runAndReadAll')
watch(pg.Client, 'query')
