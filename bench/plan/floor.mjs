/** The least that any plan does: the same files validated, the same two lists fetched and parsed. Says how many of each. */
const [folder, ...lists] = process.argv.slice(2)
const { runValidate } = await import('../../dist/cli/validate.js')
const { PLAIN } = await import('../../dist/render/paint.js')

const fetchList = async url => {
  const authorization = url.includes('/v1/')
    ? `Bearer ${process.env.CUSTOMERIO_APP_KEY}`
    : `Basic ${Buffer.from(`ACME01_DEBUG:${process.env.MOENGAGE_DATA_KEY}`).toString('base64')}`
  const answer = await fetch(url, { headers: { authorization, 'moe-appkey': 'ACME01_DEBUG' } })
  if (!answer.ok) throw new Error(`${url} answered with ${answer.status}`)
  const body = JSON.parse(await answer.text())
  return (body.segments ?? body.data).length
}

const { output } = runValidate({ directory: folder, json: true, paint: PLAIN, width: 100 })
const listed = await Promise.all(lists.map(fetchList))
process.stdout.write(JSON.stringify({ valid: JSON.parse(output).audiences, listed }))
