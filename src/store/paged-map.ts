/** How many entries a page may have before it is cut in two. */
const MOST_ENTRIES = 128

type Page<K, V> = readonly (readonly [key: K, value: V])[]
type Pages<K, V> = readonly Page<K, V>[]

/**
 * A map that is written in one place and handed out at any time, ordered by key. A write copies one page and the list
 * of pages. Copying the whole at each write would make an apply cost the square of what is recorded.
 */
export interface PagedMap<K extends string, V> {
  set(key: K, value: V): void
  delete(key: K): void
  /** All of it as it is now. No later write shows in it. */
  view(): ReadonlyMap<K, V>
}

/** A map of these entries. Of several with one key the last is taken. */
export const createPagedMap = <K extends string, V>(
  entries: Iterable<readonly [K, V]> = [],
): PagedMap<K, V> => {
  const sorted = [...new Map(entries)].sort(([a], [b]) => (a < b ? -1 : 1))
  let view = new PagesView(cutPage(sorted), sorted.length)
  return {
    set: (key, value) => {
      const { page, index, isThere, replacePage } = locate(view.pages, key)
      const written = page.toSpliced(index, isThere ? 1 : 0, [key, value])
      view = new PagesView(replacePage(written), view.size + (isThere ? 0 : 1))
    },
    delete: key => {
      const { page, index, isThere, replacePage } = locate(view.pages, key)
      if (isThere) view = new PagesView(replacePage(page.toSpliced(index, 1)), view.size - 1)
    },
    view: () => view,
  }
}

interface Place<K, V> {
  /** The page that holds the key, or would. */
  readonly page: Page<K, V>
  readonly index: number
  readonly isThere: boolean
  readonly replacePage: (written: Page<K, V>) => Pages<K, V>
}

const locate = <K extends string, V>(pages: Pages<K, V>, key: K): Place<K, V> => {
  const after = countBefore(pages, ([first]) => first !== undefined && first[0] <= key)
  const pageIndex = Math.max(0, after - 1)
  const page = pages[pageIndex] ?? []
  const index = countBefore(page, ([each]) => each < key)
  return {
    page,
    index,
    isThere: page[index]?.[0] === key,
    replacePage: written => pages.toSpliced(pageIndex, 1, ...cutPage(written)),
  }
}

/** How many there are before the first that does not pass. Those that pass come first. */
const countBefore = <T>(sorted: readonly T[], isBefore: (each: T) => boolean): number => {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const each = sorted[middle]
    if (each !== undefined && isBefore(each)) low = middle + 1
    else high = middle
  }
  return low
}

/** No page for no entries, and one for as many as it may have. */
const cutPage = <K, V>(entries: Page<K, V>): Pages<K, V> => {
  if (entries.length === 0) return []
  if (entries.length <= MOST_ENTRIES) return [entries]
  const half = entries.length >>> 1
  return [...cutPage(entries.slice(0, half)), ...cutPage(entries.slice(half))]
}

class PagesView<K extends string, V> implements ReadonlyMap<K, V> {
  readonly size: number
  readonly #pages: Pages<K, V>

  constructor(pages: Pages<K, V>, size: number) {
    this.#pages = pages
    this.size = size
  }

  get pages(): Pages<K, V> {
    return this.#pages
  }

  get(key: K): V | undefined {
    const { page, index, isThere } = locate(this.#pages, key)
    return isThere ? page[index]?.[1] : undefined
  }

  has(key: K): boolean {
    return locate(this.#pages, key).isThere
  }

  forEach(visit: (value: V, key: K, map: ReadonlyMap<K, V>) => void): void {
    for (const [key, value] of this) visit(value, key, this)
  }

  *[Symbol.iterator](): Generator<[K, V], undefined> {
    for (const page of this.#pages) for (const [key, value] of page) yield [key, value]
  }

  entries(): Generator<[K, V], undefined> {
    return this[Symbol.iterator]()
  }

  *keys(): Generator<K, undefined> {
    for (const [key] of this) yield key
  }

  *values(): Generator<V, undefined> {
    for (const [, value] of this) yield value
  }
}
