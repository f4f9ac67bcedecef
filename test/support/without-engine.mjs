/** Loaded with `node --import` into a muster that must come by without the native module. */
import { register } from 'node:module'

const HOOKS = `
  export const resolve = (specifier, context, next) => {
    if (specifier.startsWith('@duckdb/')) throw new Error('the native module was asked for')
    return next(specifier, context)
  }`

register(`data:text/javascript,${encodeURIComponent(HOOKS)}`)
