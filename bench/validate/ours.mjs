/** `muster validate` on the same files. Prints the milliseconds it took, imports included. */
const startedAt = performance.now()
const { runValidate } = await import('../../dist/cli/validate.js')
const { PLAIN } = await import('../../dist/render/paint.js')
const { output } = runValidate({ directory: process.argv[2], json: true, paint: PLAIN, width: 100 })
const ms = performance.now() - startedAt
process.stdout.write(JSON.stringify({ ms, valid: JSON.parse(output).audiences }))
