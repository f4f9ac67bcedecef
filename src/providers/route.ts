import { invariant } from '../model/invariant.ts'

/** Fills a route's template: `/v1/segments/{segment}` with `{ segment: '14' }` is `/v1/segments/14`. */
export const expandRoute = (
  route: string,
  params: Readonly<Record<string, string>> = {},
  query: Readonly<Record<string, string | undefined>> = {},
): string => {
  const path = route.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = params[name]
    // An empty id or a dot would silently address another resource.
    invariant(value !== undefined && !/^\.{0,2}$/.test(value), `${route} needs a "${name}"`)
    return encodeURIComponent(value)
  })
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`
}
